using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Chaos;

/// <summary>What stands in for AWS: processes on this machine that end with this one.</summary>
internal sealed class StandIns : IAsyncDisposable
{
    private readonly DynamoDbLocal _dynamoDb;
    private readonly MotoServer _s3;
    private readonly FauxqsServer _sqs;

    private StandIns(DynamoDbLocal dynamoDb, MotoServer s3, FauxqsServer sqs) => (_dynamoDb, _s3, _sqs) = (dynamoDb, s3, sqs);

    public Uri DynamoDb => _dynamoDb.Endpoint;

    public Uri S3 => _s3.Endpoint;

    public Uri Sqs => _sqs.Endpoint;

    public static async Task<StandIns> StartAsync()
    {
        var modules = await NodePackages.FindAsync() ?? throw new InvalidOperationException("npm is not on the PATH, and DynamoDB Local comes by it. Install Node.js.");
        var (python, reason) = await PythonPackages.FindAsync();
        if (python is null) throw new InvalidOperationException(reason);
        var dynamoDb = await DynamoDbLocal.StartAsync(modules) ?? throw new InvalidOperationException("java is not on the PATH, and DynamoDB Local needs it. Install Java 17.");
        MotoServer? s3 = null;
        try
        {
            s3 = await MotoServer.StartAsync(python);
            var sqs = await FauxqsServer.StartAsync(modules) ?? throw new InvalidOperationException("fauxqs needs Node.js 22.5. Install it.");
            return new StandIns(dynamoDb, s3, sqs);
        }
        catch
        {
            if (s3 is not null) await s3.DisposeAsync();
            await dynamoDb.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _dynamoDb.DisposeAsync();
        await _s3.DisposeAsync();
        await _sqs.DisposeAsync();
    }
}

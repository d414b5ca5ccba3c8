using AgentRuntime.Aws.DynamoDb.GrainState;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Aws.Tests.DynamoDb.GrainState;

public sealed class DynamoDBStorageOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_AreGood() => Assert.True(new DynamoDBStorageOptionsValidator().Validate("orders", new DynamoDBStorageOptions()).Succeeded);

    [Fact]
    public void Validate_AllWrong_NamesStoreAndKeys()
    {
        var failures = new DynamoDBStorageOptionsValidator().Validate("orders", new DynamoDBStorageOptions
        {
            TableName = " ",
            TimeToLive = TimeSpan.Zero,
            Bucket = "",
            PayloadStore = new MemoryPayloads(),
            InlineLimitBytes = -1,
            MaxStateBytes = 0,
            Tenant = null!,
        }).Failures!.ToList();
        Assert.All(failures, failure => Assert.StartsWith("DynamoDBStorageOptions of store 'orders': ", failure, StringComparison.Ordinal));
        Assert.Equal(
            ["TableName", "TimeToLive", "Bucket", "Bucket", "InlineLimitBytes", "MaxStateBytes", "Tenant"],
            failures.Select(failure => failure.Split(' ')[4]));
    }

    [Fact]
    public void Claim_TwoStoresOneTable_IsRefused()
    {
        var owners = new StateTableOwners();
        owners.Claim("state", "a");
        owners.Claim("state", "a");
        owners.Claim("other", "b");
        var failure = Assert.Throws<OrleansConfigurationException>(() => owners.Claim("state", "b"));
        Assert.Contains("'a' and 'b'", failure.Message, StringComparison.Ordinal);
    }
}

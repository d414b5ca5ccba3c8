using AgentRuntime.AwsStore;
using AgentRuntime.Common;
using AgentRuntime.Tenants;
using Microsoft.Extensions.Configuration;

namespace AgentRuntime.Aws.Tests.AwsStore;

/// <summary>What is refused before anything is asked of AWS.</summary>
public sealed class AwsPlaceTests
{
    [Theory]
    [InlineData("https://dynamodb.eu-central-1.amazonaws.com", "http://127.0.0.1:1", "http://127.0.0.1:1")]
    [InlineData("http://127.0.0.1:1", "https://s3.eu-central-1.amazonaws.com", "http://127.0.0.1:1")]
    [InlineData("http://127.0.0.1:1", "http://127.0.0.1:1", "https://sqs.eu-central-1.amazonaws.com")]
    [InlineData(null, "http://127.0.0.1:1", "http://127.0.0.1:1")]
    [InlineData("http://127.0.0.1:1", "http://127.0.0.1:1", null)]
    [InlineData(null, null, null)]
    public async Task FindAsync_NoIssuerAndNoStandIn_IsRefused(string? dynamoDb, string? s3, string? sqs)
    {
        var failure = await RefusedAsync([("Aws:Bucket", "b"), ("Aws:DynamoDbEndpoint", dynamoDb), ("Aws:S3Endpoint", s3), ("Aws:SqsEndpoint", sqs)]);
        Assert.Equal(ErrorCode.InvalidArgument, failure.Code);
        Assert.Contains("FrontDoor:Identity:Issuers", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Aws:Bucket", "")]
    [InlineData("Aws:TablePrefix", "a/b")]
    [InlineData("Aws:OpenRunParts", "0")]
    [InlineData("Aws:MaxAttempts", "11")]
    [InlineData("Aws:AttemptTimeout", "00:10:00")]
    [InlineData("Aws:Region", "")]
    [InlineData("Aws:S3Endpoint", "http://10.0.0.1/")]
    [InlineData("Aws:SqsEndpoint", "http://10.0.0.1/")]
    [InlineData("Aws:StsEndpoint", "http://10.0.0.1/")]
    [InlineData("Aws:TenantRole", "tenant")]
    [InlineData("Aws:TenantRole", "arn:aws:iam::123456789012:user/tenant")]
    [InlineData("Aws:QueuePrefix", "a.b")]
    [InlineData("Aws:EventQueues", "0")]
    public async Task FindAsync_WrongSetting_IsNamed(string key, string value)
    {
        var failure = await RefusedAsync([("Aws:Bucket", "b"), (key, value)]);
        Assert.Equal(ErrorCode.InvalidArgument, failure.Code);
        Assert.StartsWith(key, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account-per-tenant", "Aws:AttemptTimeout", "00:00:10", "Tenancy:Mode")]
    [InlineData("shared", "Aws:TenantRole", "arn:aws:iam::123456789012:role/tenant", "Aws:TenantRole")]
    [InlineData("segmented", "Aws:StartQueue", "starts", "Aws:StartQueue")]
    public async Task FindAsync_SettingsThatKeepTenantsApartOtherwise_AreRefused(string mode, string key, string value, string named)
    {
        var tenancy = new TenancyOptions { Mode = mode };
        if (mode == "segmented") tenancy.Segments.Add("acme");
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => AwsPlace.FindAsync(Settings([("Aws:Bucket", "b"), (key, value)]), TenancyPlan.Of(tenancy, []), hasIssuers: true, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.InvalidArgument, failure.Code);
        Assert.StartsWith(named, failure.Message, StringComparison.Ordinal);
    }

    private static Task<AgentRuntimeException> RefusedAsync((string Key, string? Value)[] settings) => Assert.ThrowsAsync<AgentRuntimeException>(
        () => AwsPlace.FindAsync(Settings(settings), TenancyPlan.Of(new TenancyOptions(), []), hasIssuers: false, TestContext.Current.CancellationToken));

    private static IConfiguration Settings((string Key, string? Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.GroupBy(setting => setting.Key).Select(same => new KeyValuePair<string, string?>(same.Key, same.Last().Value)).Where(setting => setting.Value is not null))
        .Build();
}

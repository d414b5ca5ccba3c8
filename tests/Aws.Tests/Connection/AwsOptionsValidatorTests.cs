using AgentRuntime.Aws.Connection;

namespace AgentRuntime.Aws.Tests.Connection;

public sealed class AwsOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_AreGood() => Assert.True(new AwsOptionsValidator().Validate(null, new AwsOptions()).Succeeded);

    [Fact]
    public void Validate_AllWrong_NamesEachKey()
    {
        var failures = new AwsOptionsValidator().Validate(null, new AwsOptions
        {
            MaxAttempts = 11,
            AttemptTimeout = TimeSpan.Zero,
            Region = "",
            DynamoDbEndpoint = new Uri("http://dynamodb.example.com"),
            S3Endpoint = new Uri("ftp://127.0.0.1"),
            SqsEndpoint = new Uri("http://sqs.example"),
            StsEndpoint = new Uri("http://sts.example"),
            TenantRole = "tenant",
        }).Failures!;
        Assert.Equal(
            ["Aws:MaxAttempts", "Aws:AttemptTimeout", "Aws:Region", "Aws:DynamoDbEndpoint", "Aws:S3Endpoint", "Aws:SqsEndpoint", "Aws:StsEndpoint", "Aws:TenantRole"],
            failures.Select(failure => failure.Split(' ')[0]));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8000")]
    [InlineData("http://localhost:8000")]
    [InlineData("https://vpce-1.dynamodb.eu-central-1.vpce.amazonaws.com")]
    public void Validate_SafeEndpoints_AreGood(string endpoint) =>
        Assert.True(new AwsOptionsValidator().Validate(null, new AwsOptions { DynamoDbEndpoint = new Uri(endpoint) }).Succeeded);
}

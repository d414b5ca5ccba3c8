using System.Net;
using AgentRuntime.AwsStore.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Testing.Aws;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.AwsStore.Artifacts;

/// <summary>On moto; what it does not say is made up.</summary>
public sealed class BucketCheckTests(S3StandIn s3)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RequireAsync_BucketIsThere_Passes()
    {
        await using var clients = await s3.ClientsAsync();
        var client = clients.GetRequiredService<IAmazonS3>();
        await BucketCheck.RequireAsync(client, await S3StandIn.NewBucketAsync(client), Stop);
    }

    [Fact]
    public async Task RequireAsync_NoSuchBucket_IsRefusedAndNamed()
    {
        await using var clients = await s3.ClientsAsync();
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => BucketCheck.RequireAsync(clients.GetRequiredService<IAmazonS3>(), "mistyped", Stop));
        Assert.Equal((ErrorCode.FailedPrecondition, false), (failure.Code, failure.IsTransient));
        Assert.Contains("'mistyped'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, ErrorCode.FailedPrecondition, "s3:ListBucket")]
    [InlineData(HttpStatusCode.MovedPermanently, ErrorCode.FailedPrecondition, "Aws:Region")]
    [InlineData(HttpStatusCode.ServiceUnavailable, ErrorCode.Unavailable, "Try again")]
    internal async Task RequireAsync_OtherAnswers_NameTheFix(HttpStatusCode status, ErrorCode code, string fix)
    {
        await using var clients = new ServiceCollection().AddAws(options =>
        {
            (options.S3Endpoint, options.Credentials, options.MaxAttempts) = (new Uri("http://127.0.0.1:1"), new BasicAWSCredentials("test", "test"), 1);
            options.WrapHandler = _ => new Answer(status);
        }).BuildServiceProvider();
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => BucketCheck.RequireAsync(clients.GetRequiredService<IAmazonS3>(), "bucket", Stop));
        Assert.Equal(code, failure.Code);
        Assert.Contains(fix, failure.Message, StringComparison.Ordinal);
    }

    // As S3 answers a HEAD: with a status and nothing else.
    private sealed class Answer(HttpStatusCode status) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(status));
    }
}

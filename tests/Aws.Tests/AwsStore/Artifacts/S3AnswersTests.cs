using System.Net;
using System.Security.Cryptography;
using System.Text;
using AgentRuntime.AwsStore.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.AwsStore.Artifacts;

/// <summary>Against answers of S3 that are made up.</summary>
public sealed class S3AnswersTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    private readonly PausesOfTest _time = new();
    private readonly ArtifactNames _names = new(RandomNumberGenerator.GetBytes(ArtifactNames.KeyBytes));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PutAsync_MeetsOthersTwice_WaitsLongerEachTime()
    {
        var left = 2;
        await using var clients = Clients(() => left-- > 0 ? Conflict() : new HttpResponseMessage());

        await Store(clients).PutAsync(Acme, new byte[] { 1 }, Stop);

        Assert.Equal(2, _time.Taken.Count);
        Assert.InRange(_time.Taken[0].TotalMilliseconds, 25, 50);
        Assert.InRange(_time.Taken[1].TotalMilliseconds, 50, 100);
    }

    [Fact]
    public async Task PutAsync_AlwaysMeetsOthers_IsUnavailableInTheEnd()
    {
        await using var clients = Clients(Conflict);
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => Store(clients).PutAsync(Acme, new byte[] { 1 }, Stop));
        Assert.Equal((ErrorCode.Unavailable, 5), (failure.Code, _time.Taken.Count));
    }

    [Theory]
    [InlineData(S3ArtifactStore.MaxBytes + 1L)]
    [InlineData(int.MaxValue + 1L)]
    public async Task GetAsync_LongerThanAnyArtifact_IsCorruptedAndNotRead(long length)
    {
        await using var clients = Clients(() => new HttpResponseMessage { Content = new StreamContent(Stream.Null) { Headers = { ContentLength = length } } });

        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => Store(clients).GetAsync(Acme, _names.NameOf(Acme, [1]), Stop));

        Assert.Equal(ErrorCode.StorageCorrupted, failure.Code);
        Assert.Contains("longer", failure.Message, StringComparison.Ordinal);
    }

    private S3ArtifactStore Store(ServiceProvider clients) => new(clients.GetRequiredService<IAmazonS3>(), _names, new ArtifactBucket("bucket", null), _time);

    private static HttpResponseMessage Conflict() => new(HttpStatusCode.Conflict)
    {
        Content = new StringContent("<Error><Code>ConditionalRequestConflict</Code><Message>Injected.</Message></Error>", Encoding.UTF8, "application/xml"),
    };

    private static ServiceProvider Clients(Func<HttpResponseMessage> answer) => new ServiceCollection().AddAws(options =>
    {
        (options.S3Endpoint, options.Credentials, options.MaxAttempts) = (new Uri("http://127.0.0.1:1"), new BasicAWSCredentials("test", "test"), 1);
        options.WrapHandler = _ => new Answers(answer);
    }).BuildServiceProvider();

    private sealed class Answers(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}

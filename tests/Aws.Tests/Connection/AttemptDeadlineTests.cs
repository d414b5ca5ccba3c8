using System.Net;
using System.Text;
using AgentRuntime.Aws.Connection;
using AgentRuntime.Aws.Payloads;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Connection;

/// <summary>Answers that begin and then say nothing more.</summary>
public sealed class AttemptDeadlineTests
{
    // Far more than any attempt here may take: who waits as long waits for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.OK)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task Request_SilentAfterTheHeaders_IsSentAgain(HttpStatusCode status)
    {
        var sent = 0;
        await using var services = Services(() => sent++ == 0 ? Silent(status, length: 100, sent: 10) : Answer("{}"));

        Assert.False((await GetItemAsync(services).WaitAsync(Patience, Stop)).IsItemSet);

        Assert.Equal(2, sent);
    }

    [Fact]
    public async Task Request_AnswerLongerThanAny_Fails()
    {
        await using var services = Services(static () => Silent(HttpStatusCode.OK, length: 100 << 20, sent: 0));
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => GetItemAsync(services).WaitAsync(Patience, Stop));
        Assert.True(AwsFailures.IsOne(failure));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(AttemptDeadline.LongestWhole + 1_000)]
    public async Task Object_SilentInTheMiddle_IsReadAgain(int length)
    {
        var content = new byte[length];
        new Random(1).NextBytes(content);
        var sent = 0;
        await using var services = Services(() => sent++ == 0 ? Silent(HttpStatusCode.OK, length, sent: length / 2) : new HttpResponseMessage { Content = new ByteArrayContent(content) });
        var store = new S3PayloadStore(services.GetRequiredService<IAmazonS3>(), "bucket");

        var read = await store.GetAsync("key", length, Stop).WaitAsync(Patience, Stop);

        Assert.Equal(content, read!.Value.ToArray());
        Assert.Equal(2, sent);
    }

    [Fact]
    public async Task Object_AlwaysSilentInTheMiddle_IsReadThreeTimes()
    {
        var sent = 0;
        await using var services = Services(() =>
        {
            sent++;
            return Silent(HttpStatusCode.OK, AttemptDeadline.LongestWhole + 1_000, sent: 1_000);
        });
        var store = new S3PayloadStore(services.GetRequiredService<IAmazonS3>(), "bucket");

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => store.GetAsync("key", int.MaxValue, Stop).WaitAsync(Patience, Stop));

        Assert.True(AwsFailures.IsOne(failure));
        Assert.Equal(3, sent);
    }

    private static Task<GetItemResponse> GetItemAsync(ServiceProvider services) => services.GetRequiredService<IAmazonDynamoDB>()
        .GetItemAsync(new GetItemRequest { TableName = "t", Key = new() { ["pk"] = new AttributeValue("x") } }, Stop);

    private static ServiceProvider Services(Func<HttpResponseMessage> answer) => new ServiceCollection().AddAws(options =>
    {
        options.DynamoDbEndpoint = options.S3Endpoint = new Uri("http://127.0.0.1:1");
        options.Credentials = new BasicAWSCredentials("test", "test");
        options.MaxAttempts = 2;
        options.AttemptTimeout = TimeSpan.FromMilliseconds(100);
        options.WrapHandler = _ => new Scripted(answer);
    }).BuildServiceProvider();

    private static HttpResponseMessage Answer(string body) => new() { Content = new StringContent(body, Encoding.UTF8, "application/x-amz-json-1.0") };

    private static HttpResponseMessage Silent(HttpStatusCode status, int length, int sent) =>
        new(status) { Content = new StreamContent(new Silence(sent)) { Headers = { ContentLength = length } } };

    private sealed class Scripted(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }

    /// <summary>Gives a few bytes, and then neither more nor its end.</summary>
    private sealed class Silence(int bytes) : MemoryStream(new byte[bytes])
    {
        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is var read and > 0) return read;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
        {
            var buffer = new byte[bufferSize];
            while (await ReadAsync(buffer, cancellationToken) is var read and > 0) await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }
}

using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Connection;

/// <summary>Against answers that are made up.</summary>
public sealed class AwsConnectionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_AlwaysThrottled_EndsAfterMaxAttempts_AndEachIsCounted()
    {
        var sent = 0;
        await using var services = Services(_ => { sent++; return Throttle(); }, attempts: 3);
        using var meters = new Counts(services);

        await Assert.ThrowsAsync<ProvisionedThroughputExceededException>(() => GetAsync(services));

        Assert.Equal(3, sent);
        Assert.Equal(3, meters["agentruntime.aws.throttled"]);
        Assert.Equal(3, meters["agentruntime.aws.attempts"]);
        Assert.Equal("DynamoDB GetItem", meters.Tags);
    }

    [Fact]
    public async Task Request_ThrottledOnce_SucceedsAndIsCountedAllTheSame()
    {
        var sent = 0;
        await using var services = Services(_ => sent++ == 0 ? Throttle() : Answer(HttpStatusCode.OK, "{}"), attempts: 2);
        using var meters = new Counts(services);

        Assert.False((await GetAsync(services)).IsItemSet);

        Assert.Equal(1, meters["agentruntime.aws.throttled"]);
        Assert.Equal(2, meters["agentruntime.aws.attempts"]);
    }

    [Fact]
    public async Task Request_AnswerLost_IsSentAgain()
    {
        var sent = 0;
        await using var services = Services(
            _ => sent++ == 0 ? throw new HttpRequestException("The connection is gone.") : Answer(HttpStatusCode.OK, "{}"), attempts: 2);
        await GetAsync(services);
        Assert.Equal(2, sent);
    }

    [Fact]
    public async Task Request_NoAnswerInTime_IsSentAgain()
    {
        var sent = 0;
        await using var services = new ServiceCollection().AddAws(options =>
        {
            Configure(options, attempts: 2);
            options.AttemptTimeout = TimeSpan.FromMilliseconds(100);
            options.WrapHandler = _ => new Scripted(async (_, cancellation) =>
            {
                if (sent++ == 0) await Task.Delay(Timeout.Infinite, cancellation);
                return Answer(HttpStatusCode.OK, "{}");
            });
        }).BuildServiceProvider();
        await GetAsync(services);
        Assert.Equal(2, sent);
    }

    [Fact]
    public async Task Client_OfTheApplication_Stays()
    {
        using var own = new AmazonDynamoDBClient(new BasicAWSCredentials("a", "b"), new AmazonDynamoDBConfig { ServiceURL = "http://127.0.0.1:1" });
        await using var services = new ServiceCollection().AddSingleton<IAmazonDynamoDB>(own).AddAws().BuildServiceProvider();
        Assert.Same(own, services.GetRequiredService<IAmazonDynamoDB>());
    }

    private static Task<GetItemResponse> GetAsync(ServiceProvider services) => services.GetRequiredService<IAmazonDynamoDB>()
        .GetItemAsync(new GetItemRequest { TableName = "t", Key = new() { ["pk"] = new AttributeValue("x") } }, Stop);

    private static ServiceProvider Services(Func<HttpRequestMessage, HttpResponseMessage> answer, int attempts) => new ServiceCollection().AddAws(options =>
    {
        Configure(options, attempts);
        options.WrapHandler = _ => new Scripted((request, _) => Task.FromResult(answer(request)));
    }).BuildServiceProvider();

    private static void Configure(AwsOptions options, int attempts)
    {
        options.DynamoDbEndpoint = new Uri("http://127.0.0.1:1");
        options.Credentials = new BasicAWSCredentials("test", "test");
        options.MaxAttempts = attempts;
    }

    private static HttpResponseMessage Throttle() =>
        Answer(HttpStatusCode.BadRequest, """{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slower"}""");

    private static HttpResponseMessage Answer(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/x-amz-json-1.0") };

    private sealed class Scripted(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
    }

    private sealed class Counts : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, long> _counts = [];

        public Counts(IServiceProvider services)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Scope == services.GetRequiredService<IMeterFactory>()) listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                Tags = $"{tags[0].Value} {tags[1].Value}";
                _counts[instrument.Name] = _counts.GetValueOrDefault(instrument.Name) + value;
            });
            _listener.Start();
        }

        public string Tags { get; private set; } = "";

        public long this[string name] => _counts.GetValueOrDefault(name);

        public void Dispose() => _listener.Dispose();
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using AgentRuntime.Aws.Connection;
using AgentRuntime.Aws.EventBridge;
using AgentRuntime.Testing;
using Amazon.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.EventBridge;

/// <summary>Answers PutEvents as EventBridge documents it, and refuses what is not signed. No other stand-in verifies signatures.</summary>
internal sealed class BusDouble : IAsyncDisposable
{
    private const string Region = "us-east-1";
    private const string Bus = "agents";

    private readonly WebApplication _app = LoopbackApp.Create();
    private readonly string _secret;
    private readonly ConcurrentQueue<Trouble> _next = [];

    private BusDouble(string secret) => _secret = secret;

    /// <summary>What an answer is besides all right.</summary>
    public enum Trouble
    {
        /// <summary>Nothing is put: too many requests.</summary>
        Throttled,

        /// <summary>Every second entry is not put, for now.</summary>
        HalfThrottled,

        /// <summary>The first entry is not put, for good.</summary>
        Malformed,

        /// <summary>All is put, and no answer comes.</summary>
        AnswerLost,

        /// <summary>The answer says nothing of any entry.</summary>
        Mute,
    }

    /// <summary>Entries that were put, those put twice twice.</summary>
    public ConcurrentQueue<JsonObject> Put { get; } = [];

    /// <summary>It refuses whatever is put.</summary>
    public bool IsClosed { get; set; }

    /// <summary>How many entries each request had.</summary>
    public ConcurrentQueue<int> Requests { get; } = [];

    public Uri Endpoint => new(_app.Urls.First());

    /// <summary>One that knows this secret and has one bus, <c>agents</c>.</summary>
    public static async Task<BusDouble> StartAsync(string secret, params Trouble[] troubles)
    {
        var bus = new BusDouble(secret);
        foreach (var trouble in troubles) bus._next.Enqueue(trouble);
        bus._app.MapPost("/", (Delegate)bus.ServeAsync);
        await bus._app.StartAsync();
        return bus;
    }

    /// <summary>A publisher with these credentials, as the library makes it.</summary>
    public ServiceProvider Services(string secret) => new ServiceCollection()
        .AddAws(options => (options.Region, options.EventBridgeEndpoint, options.Credentials, options.MaxAttempts) = (Region, Endpoint, new BasicAWSCredentials("key", secret), 3))
        .AddSingleton(provider => new EventBus(provider.GetRequiredService<AwsConnection>().EventBridge(), Bus, TimeProvider.System))
        .BuildServiceProvider();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ServeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        if (!SignatureCheck.Holds(http.Request, body.ToArray(), _secret, Region, "events", "content-type", "x-amz-target")) return Error("InvalidSignatureException");
        if (http.Request.Headers["X-Amz-Target"] == "AWSEvents.DescribeEventBus") return (string?)JsonNode.Parse(body.ToArray())!["Name"] == Bus ? Results.Json(new { Name = Bus }) : Error("ResourceNotFoundException");
        if (http.Request.Headers["X-Amz-Target"] != "AWSEvents.PutEvents") return Error("UnknownOperationException");
        var entries = JsonNode.Parse(body.ToArray())!["Entries"]!.AsArray().Select(entry => entry!.AsObject()).ToList();
        Requests.Enqueue(entries.Count);
        if (IsClosed) return Error("AccessDeniedException");
        Trouble? trouble = _next.TryDequeue(out var next) ? next : null;
        if (trouble == Trouble.Throttled) return Error("ThrottlingException");
        if (trouble == Trouble.Mute) return Answer([new JsonObject()], failed: 1);
        var answers = entries.Select((entry, index) => Take(entry, trouble switch
        {
            Trouble.HalfThrottled when index % 2 == 1 => "ThrottlingException",
            Trouble.Malformed when index == 0 => "MalformedDetail",
            _ => null,
        })).ToList();
        if (trouble == Trouble.AnswerLost) http.Abort();
        return Answer(answers, answers.Count(answer => answer.ContainsKey("ErrorCode")));
    }

    private JsonObject Take(JsonObject entry, string? error)
    {
        if (error is not null) return new JsonObject { ["ErrorCode"] = error, ["ErrorMessage"] = "Made up." };
        Put.Enqueue(entry);
        return new JsonObject { ["EventId"] = $"{Put.Count}" };
    }

    private static IResult Answer(IEnumerable<JsonObject> entries, int failed) =>
        Results.Text(new JsonObject { ["FailedEntryCount"] = failed, ["Entries"] = new JsonArray([.. entries]) }.ToJsonString(), "application/x-amz-json-1.1");

    private static IResult Error(string code) =>
        Results.Text($$"""{"__type": "com.amazonaws.events#{{code}}", "message": "Made up."}""", "application/x-amz-json-1.1", statusCode: 400);
}

using AgentRuntime.Agents;
using AgentRuntime.Models.OpenAI;
using AgentRuntime.Models.Recordings;
using AgentRuntime.Runs.Records;
using AgentRuntime.Silo.Tests.Models.OpenAI;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using static AgentRuntime.Testing.OpenAI.Answers;

namespace AgentRuntime.Silo.Tests.Models;

/// <summary>Whole runs of a model behind an endpoint.</summary>
public sealed class EndpointRunTests
{
    /// <summary>A run that meets a busy endpoint, a cut stream, a call in pieces, parallel calls, malformed arguments and an answer.</summary>
    private static readonly Func<HttpContext, Task>[] Eventful =
    [
        Status(429, "rate_limit_exceeded", ("retry-after-ms", "300")),
        CutAfter(Task.CompletedTask, Piece("Let me")),
        Call("call_1", RunCast.Look, """{"n": 12}"""),
        Stream(
            Piece("Both "), Piece("now."), CallStart(0, "call_2", RunCast.Look), CallStart(1, "call_3", RunCast.Put),
            CallPart(1, "{\"n\":"), CallPart(0, "{\"n\":4"), CallPart(1, "5}"), CallPart(0, "}"), Finish("tool_calls"), Usage(30, 9), Done),
        Call("call_4", RunCast.Look, """{"n": """),
        Text("All ", "done."),
    ];

    [Fact]
    public async Task Run_RecordedAtAnEndpoint_ReplaysToTheSameJournalWithoutIt()
    {
        using var folder = ScratchFolder.Make();
        var recording = folder.At("run.jsonl");
        IReadOnlyList<string> recorded;
        await using (var server = await ProtocolServer.StartAsync(Eventful))
        {
            var endpoint = server.Endpoint;
            await using var live = await ModelRuns.StartAsync(services => services
                .AddOpenAIModel("live", options => (options.Endpoint, options.Model) = (endpoint, "tiny"))
                .AddRecordedModel(ModelRuns.Model, "live", recording));
            var run = await live.RunAsync("eventful");
            var records = await run.EndAsync();
            Assert.Equal("All done.", Assert.IsType<RunCompleted>(records[^1]).Output);
            Assert.Equal([RunCast.Look, RunCast.Look, RunCast.Put], run.Invocations.Select(invocation => invocation.Tool.Tool.Value).Order());
            Assert.Equal(Eventful.Length, server.Requests.Count);
            recorded = await live.JournalAsync(run);
        }

        await using var replay = await ModelRuns.StartAsync(services => services.AddReplayModel(ModelRuns.Model, recording));
        var again = await replay.RunAsync("eventful");
        await again.EndAsync();
        Assert.Equal(recorded, await replay.JournalAsync(again));
        Assert.Contains(recorded, line => line.Contains("attempt.failed", StringComparison.Ordinal) && line.Contains("429", StringComparison.Ordinal));
        Assert.Contains(recorded, line => line.Contains("\"inputTokens\":30", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Replay_OfAnotherRun_FailsTheRunAndNamesTheFile()
    {
        using var folder = ScratchFolder.Make();
        var recording = folder.At("run.jsonl");
        await File.WriteAllTextAsync(recording, "{\"recording\":1}\n", TestContext.Current.CancellationToken);
        await using var replay = await ModelRuns.StartAsync(services => services.AddReplayModel(ModelRuns.Model, recording));
        var failed = Assert.IsType<RunFailed>((await (await replay.RunAsync("other")).EndAsync())[^1]);
        Assert.Equal(ErrorCode.ModelFailed, failed.Code);
        Assert.Contains("run.jsonl", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AtABusyEndpoint_WaitsAsLongAsItIsAskedTo()
    {
        await using var server = await ProtocolServer.StartAsync(Status(503, null, ("retry-after", "90")));
        await using var runs = await StartAsync(server);
        var run = await runs.RunAsync("busy");
        var failed = await run.WaitForAsync<AttemptFailed>();
        var entry = (await run.EntriesAsync())[1];
        var wait = failed.RetryAt!.Value - AgentRuntime.Runs.Journal.HeaderCodec.Decode(entry.Header).Time;
        // The record is written a little after its retry is settled.
        Assert.InRange(wait.TotalSeconds, 80, 91);
        Assert.Single(server.Requests);
        await run.AsleepAsync();
    }

    [Fact]
    public async Task Run_AtAnEndpointThatRefusesTheKey_FailsAtOnce()
    {
        await using var server = await ProtocolServer.StartAsync(Status(401, "invalid_api_key"));
        await using var runs = await StartAsync(server);
        var failed = Assert.IsType<RunFailed>((await (await runs.RunAsync("locked")).EndAsync())[^1]);
        Assert.Equal(ErrorCode.PermissionDenied, failed.Code);
        Assert.Contains("invalid_api_key", failed.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("length", "cut off")]
    [InlineData("content_filter", "content filter")]
    public async Task Run_WhoseAnswerIsNotWhole_KeepsItAndFails(string reason, string message)
    {
        await using var server = await ProtocolServer.StartAsync(Stream(Piece("The answer is"), Finish(reason), Usage(5, 3), Done));
        await using var runs = await StartAsync(server);
        var records = await (await runs.RunAsync("cut-off")).EndAsync();
        Assert.Equal("The answer is", records.OfType<ModelReplied>().Single().Text);
        Assert.Contains(message, Assert.IsType<RunFailed>(records[^1]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithMoreTextThanARecordMayHold_EndsAtThatLimit()
    {
        await using var server = await ProtocolServer.StartAsync(Text(new string('x', 900), new string('y', 900), new string('z', 900)));
        await using var runs = await StartAsync(server);
        var run = await runs.RunAsync("long", limits: new RunLimits { MaxPayloadBytes = 1_024 });
        Assert.Equal("maxPayloadBytes", (await run.EndAsync()).OfType<LimitReached>().Single().Limit);
    }

    [Fact]
    public async Task Run_CancelledBeforeTheFirstByte_HangsUp()
    {
        var (asked, gone) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var server = await ProtocolServer.StartAsync(Silence(asked, gone));
        await using var runs = await StartAsync(server);
        var run = await runs.RunAsync("patient");
        await asked.Task.InTimeAsync();
        await run.ControlAsync(AgentRuntime.Runs.RunControl.Cancel);
        await gone.Task.InTimeAsync();
        Assert.IsType<RunCancelled>((await run.EndAsync())[^1]);
    }

    private static Task<ModelRuns> StartAsync(ProtocolServer server) => ModelRuns.StartAsync(
        services => services.AddOpenAIModel(ModelRuns.Model, options => (options.Endpoint, options.Model) = (server.Endpoint, "tiny")));
}

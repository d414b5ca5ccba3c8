extern alias client;

using System.Collections.Concurrent;
using System.Diagnostics;
using AgentRuntime.Common;
using AgentRuntime.Common.Telemetry;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Telemetry;

/// <summary>What a collector gets of a real silo process: one trace from the client to the tool, and nothing that somebody said or keeps secret.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private const string Prompt = "canary-prompt-8d3c";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static readonly string[] Canaries =
    [
        Prompt, TracedSilo.ToolSecret, TracedSilo.ModelKey, TracedPeers.Reply, "canary-argument-77aa", "canary-result-19ce", "canary-instructions-4e2b",
    ];

    private readonly TracedSilo _silo = new();
    private readonly ActivitySource _source = new("a program that uses the runtime");
    private readonly ActivityListener _listener;
    private readonly ConcurrentDictionary<string, string> _parents = new();

    public TraceTests()
    {
        _listener = new ActivityListener
        {
            // What the client's libraries make stands between the program's span and the silo's.
            ShouldListenTo = source => source == _source || source.Name is "System.Net.Http" or "Grpc.Net.Client",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => _parents[span.SpanId.ToString()] = span.ParentSpanId.ToString(),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _listener.Dispose();
        _source.Dispose();
    }

    [Fact]
    public async Task Run_WithAToolCall_IsOneTraceFromClientToTool()
    {
        await _silo.StartAsync("read");
        var (run, mine) = await StartAsync();
        await EndAsync(run);

        var (tool, chain) = await ChainFromToolAsync(mine);
        Assert.Equal(["execute_tool orders", "run step"], chain.Take(2).Select(span => span.Name));
        Assert.Contains("StartRun", chain[^1].Name, StringComparison.Ordinal);
        Assert.Equal($"00-{mine.TraceId}-{chain[0].Id}-01", tool["traceparent"]);
        await _silo.Receiver.WaitAsync("both calls of the model", receiver => receiver.Spans.Count(span => span.Name == "chat m") >= 2);
        var model = _silo.Receiver.Spans.Where(span => span.Name == "chat m").ToList();
        Assert.Equal(2, model.Count);
        Assert.All(model, span => Assert.Equal((mine.TraceId.ToString(), "openai"), (span.Trace, span.Texts[GenAiNames.ProviderName])));
        Assert.All(_silo.Peers.ModelCalls, call => Assert.StartsWith($"00-{mine.TraceId}-", call["traceparent"], StringComparison.Ordinal));
        Assert.Equal(run.Name.Split('/')[^1], chain[1].Texts[RuntimeNames.Run]);

        string[] expected =
        [
            "agentruntime.runs.started", "agentruntime.runs.ended", "agentruntime.run.steps", "agentruntime.journal.append.duration", "agentruntime.tool.duration",
            "agentruntime.frontdoor.duration",
            GenAiNames.TokenUsage, GenAiNames.OperationDuration,
        ];
        await _silo.Receiver.WaitAsync($"the metrics {string.Join(", ", expected)}", receiver => expected.All(receiver.MetricNames.Contains));
        NothingIsSaid();
    }

    [Fact]
    public async Task Run_ThatGoesOnAfterAKillAndAnApproval_StaysInTheTraceThatStartedIt()
    {
        await _silo.StartAsync("write-high");
        var (run, mine) = await StartAsync();
        var approval = await AskedAsync(run);
        await _silo.Receiver.WaitAsync("the span of the start", receiver => receiver.Spans.Any(span => span.Trace == mine.TraceId.ToString() && span.Name.StartsWith("POST", StringComparison.Ordinal)));
        await _silo.KillAndRestartAsync();

        ActivityContext decider;
        using (var deciding = _source.StartActivity("decide"))
        {
            decider = deciding!.Context;
            await _silo.As("petra", Roles.Approver).Approvals.DecideApprovalAsync(
                new Wire.DecideApprovalRequest { Name = approval, Verdict = Wire.ApprovalVerdict.Approve, Reason = "fine" }, cancellationToken: TestContext.Current.CancellationToken);
        }

        await EndAsync(run);
        var (_, chain) = await ChainFromToolAsync(mine);
        Assert.Equal(["execute_tool orders", "run step"], chain.Take(2).Select(span => span.Name));
        await _silo.Receiver.WaitAsync("the span of the approval's wait", receiver => receiver.Spans.Any(span => span.Name == "approval wait"));
        var wait = _silo.Receiver.Spans.Single(span => span.Name == "approval wait");
        Assert.Equal(mine.TraceId.ToString(), wait.Trace);
        Assert.Equal([decider.TraceId.ToString()], wait.Links);
        string[] expected = ["agentruntime.approvals.waiting", "agentruntime.approvals.closed", "agentruntime.approval.wait"];
        await _silo.Receiver.WaitAsync($"the metrics {string.Join(", ", expected)}", receiver => expected.All(receiver.MetricNames.Contains));
        NothingIsSaid();
    }

    private async Task<(Wire.Run Run, ActivityContext Mine)> StartAsync()
    {
        using var mine = _source.StartActivity("my work");
        var run = await _silo.As("app", Roles.Developer).Runs.StartRunAsync(
            new Wire.StartRunRequest { Parent = "tenants/demo", Agent = "tenants/demo/agents/traced", Input = Prompt, RequestId = "r-1" },
            cancellationToken: TestContext.Current.CancellationToken);
        return (run, mine!.Context);
    }

    private async Task EndAsync(Wire.Run run)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await foreach (var record in _silo.As("app", Roles.Developer).WatchRunAsync(run.Name, cancellationToken: deadline.Token))
            Assert.DoesNotContain("run.failed", record.Type, StringComparison.Ordinal);
    }

    private async Task<string> AskedAsync(Wire.Run run)
    {
        using var deadline = new CancellationTokenSource(Patience);
        await foreach (var approval in _silo.As("petra", Roles.Approver).WatchApprovalsAsync("tenants/demo", deadline.Token))
            if (approval.Run == run.Name) return approval.Name;
        throw new InvalidOperationException("The watch ended.");
    }

    /// <summary>The spans from the tool's call up to the silo's own root, once all are there.</summary>
    private async Task<(IReadOnlyDictionary<string, string> Tool, IReadOnlyList<ExportedSpan> Chain)> ChainFromToolAsync(ActivityContext mine)
    {
        var call = Assert.Single(_silo.Peers.ToolCalls);
        var id = call["traceparent"].Split('-')[2];
        List<ExportedSpan> chain = [];
        await _silo.Receiver.WaitAsync($"the spans from {id} up to {mine.SpanId} in trace {mine.TraceId}", receiver =>
        {
            var spans = receiver.Spans.Where(span => span.Trace == mine.TraceId.ToString()).ToDictionary(span => span.Id);
            chain.Clear();
            for (var at = id; spans.TryGetValue(at, out var span); at = span.Parent) chain.Add(span);
            return chain.Count > 0 && IsBelow(chain[^1].Parent, mine.SpanId.ToString());
        });
        return (call, chain);
    }

    private bool IsBelow(string span, string root)
    {
        while (span != root)
            if (!_parents.TryGetValue(span, out span!)) return false;
        return true;
    }

    private void NothingIsSaid()
    {
        Assert.Equal(TracedSilo.ToolSecret, Assert.Single(_silo.Peers.ToolCalls)["Authorization"]);
        Assert.All(_silo.Peers.ModelCalls, call => Assert.Equal($"Bearer {TracedSilo.ModelKey}", call["Authorization"]));
        var everything = _silo.Receiver.Everything.Append(("output", _silo.Said)).ToList();
        Assert.Contains(everything, each => each.Item1 == "metrics");
        foreach (var canary in Canaries)
            Assert.All(everything, each => Assert.False(each.Item2.Contains(canary, StringComparison.Ordinal), $"{canary} is in the {each.Item1}."));
    }
}

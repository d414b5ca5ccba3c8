using System.Text.Json;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>What a stranger does: starts the demo, approves a refund, kills the process in the middle of it.</summary>
public sealed class DemoTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ScratchFolder _folder = new();
    private readonly ScratchFolder _work = new();
    private SiloProcess? _silo;
    private Agentctl? _agentctl;

    private Agentctl Ctl => _agentctl!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_work.Path);
        var samples = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "samples", "tickets.jsonl"));
        string[] chosen = ["T-001", "T-002", "T-016"];
        await File.WriteAllLinesAsync(_work.At("tickets.jsonl"), samples.Where(line => chosen.Any(id => line.Contains($"\"{id}\"", StringComparison.Ordinal))));
        _agentctl = new Agentctl(_folder.Path);
        _silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_folder.Path) with
        {
            Verb = ["demo"],
            Arguments = ["--input", _work.At("tickets.jsonl"), "--orders-port", $"{FreePorts.Take(1)[0]}"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        _agentctl?.Dispose();
        _folder.Dispose();
        _work.Dispose();
    }

    [Fact]
    public async Task Refund_ApprovedWhileTheSiloIsKilled_EndsOnceItIsBack()
    {
        var approvals = await WaitingAsync(count: 2);
        var (approval, run) = (IdOf(approvals[0], "name"), IdOf(approvals[0], "run"));
        (await Ctl.RunAsync("approval", "approve", approval, "--as", "demo-app", "--service", "--role", "approver")).FailsWith(4, "needs a person");
        (await Ctl.RunAsync("approval", "approve", approval, "--as", "demo-author", "--role", "approver")).FailsWith(4, "published");

        var watch = Ctl.OkAsync("run", "watch", run, "-o", "json");
        await Ctl.OkAsync("approval", "approve", approval, "--as", "anna", "--role", "approver", "--reason", "checked");
        await _silo!.KillAsync();
        _silo = await SiloProcess.StartAsync(_silo.Options);

        var records = Lines(await watch.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(0, records.Count).Select(seq => $"{seq}"), records.Select(record => Text(record, "seq")));
        Assert.Equal("run.completed", Text(records[^1], "type"));
        Assert.Single(records, record => Text(record, "type") == "approval.decided");
        (await Ctl.RunAsync("approval", "deny", approval, "--as", "bob", "--role", "approver")).FailsWith(6, "anna");

        await Ctl.OkAsync("approval", "approve", "--all", "--as", "anna", "--role", "approver");
        await Eventually.TrueAsync(async () => Lines(await Ctl.OkAsync("run", "list", "-o", "json")) is { Count: 5 } runs
            && runs.All(ended => Text(ended, "state") == "RUN_STATE_COMPLETED"), "five runs have ended");
    }

    [Fact]
    public async Task RunWatch_AtEachOfTwoSilos_SeesEveryRecord()
    {
        await using var second = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_folder.Path));
        var approvals = await WaitingAsync(count: 2);
        var run = IdOf(approvals[0], "run");
        var watches = new[] { _silo!, second }.Select(silo => Ctl.OkAsync("run", "watch", run, "-o", "json", "--endpoint", Endpoint(silo))).ToArray();
        await Ctl.OkAsync("approval", "approve", IdOf(approvals[0], "name"), "--as", "anna", "--role", "approver", "--endpoint", Endpoint(second));

        var seen = await Task.WhenAll(watches).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(seen[0], seen[1]);
        Assert.Equal("run.completed", Text(Lines(seen[0])[^1], "type"));
    }

    [Fact]
    public async Task ApproveAll_WithOneThatThePersonMayNotDecide_GoesOnAndSaysWhich()
    {
        var run = Lines(await Ctl.OkAsync("run", "start", "refund", "--input", "ticket T-001", "--on-behalf-of", "anna", "--as", "dave", "--role", "developer", "-o", "json")).Single();
        var refused = (await WaitingAsync(count: 3)).Single(approval => Text(approval, "run") == Text(run, "name"));

        var all = await Ctl.RunAsync("approval", "approve", "--all", "--as", "anna", "--role", "approver");

        Assert.True(all.ExitCode == 4, $"{all.ExitCode}: {all.Errors}");
        var errors = all.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, errors.Length);
        Assert.Contains(IdOf(refused, "name"), errors[0], StringComparison.Ordinal);
        Assert.Contains("1 of 3 approvals were not decided", errors[1], StringComparison.Ordinal);
        Assert.Equal(2, all.Output.Split('\n').Count(line => line.Contains("  approved  ", StringComparison.Ordinal)));
        Assert.Equal(IdOf(refused, "name"), IdOf(Assert.Single(Lines(await Ctl.OkAsync("approval", "list", "-o", "json"))), "name"));
        await Ctl.OkAsync("approval", "deny", "--all", "--as", "bob", "--role", "approver");
    }

    private static string Endpoint(SiloProcess silo) => $"http://127.0.0.1:{silo.Options.GrpcPort}";

    private async Task<List<JsonElement>> WaitingAsync(int count)
    {
        List<JsonElement> found = [];
        await Eventually.TrueAsync(async () => (found = Lines(await Ctl.OkAsync("approval", "list", "-o", "json"))).Count == count, $"{count} approvals wait");
        return found;
    }

    private static List<JsonElement> Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string IdOf(JsonElement line, string property) => Text(line, property).Split('/')[^1];

    private static string Text(JsonElement line, string property) => line.GetProperty(property).ToString();
}

using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using AgentRuntime.Agents;
using AgentRuntime.Aws.Tests.Events;
using AgentRuntime.Benchmarks;
using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Microsoft.Extensions.Configuration;

namespace AgentRuntime.Aws.Tests.Hosting;

/// <summary>The demo of the README with its state in AWS: tables are created, a refund is approved, the process is killed in the middle of it. On DynamoDB Local, moto and fauxqs.</summary>
public sealed class AwsDemoTests(AwsStandIn aws, S3StandIn s3) : IAsyncLifetime
{
    private const string Runs = "v1/tenants/demo/runs?pageSize=100";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ScratchFolder _folder = new();
    private readonly ScratchFolder _work = new();
    private readonly string _prefix = AwsStandIn.NewPrefix();
    private Dictionary<string, string> _environment = [];

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_work.Path);
        var samples = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "samples", "tickets.jsonl"));
        string[] chosen = ["T-001", "T-002", "T-016"];
        await File.WriteAllLinesAsync(_work.At("tickets.jsonl"), samples.Where(line => chosen.Any(id => line.Contains($"\"{id}\"", StringComparison.Ordinal))));
        _environment = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["AGENTRT_Silo__Store"] = "aws",
            ["AGENTRT_Aws__DynamoDbEndpoint"] = (await aws.DynamoDbAsync()).ToString(),
            ["AGENTRT_Aws__S3Endpoint"] = (await s3.EndpointAsync()).ToString(),
            ["AGENTRT_Aws__SqsEndpoint"] = (await aws.SqsAsync()).ToString(),
            ["AGENTRT_Aws__EventQueues"] = "2",
            ["AGENTRT_Aws__TablePrefix"] = _prefix,
            ["AGENTRT_Aws__Bucket"] = $"{_prefix}artifacts",
            ["AGENTRT_Aws__OpenRunParts"] = "4",
        };
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        _work.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Demo_KilledWhileARefundIsApproved_EndsOnceItIsBack()
    {
        var refused = await RunAsync("--data", _folder.Path, "--grpc-port", "0", "--http-port", "0", "--silo-port", "0");
        Assert.NotEqual(0, refused.Code);
        Assert.Contains("create-tables", refused.Errors, StringComparison.Ordinal);
        var created = await CreateTablesAsync();
        // Four tables; two queues, and that of the dead.
        Assert.Equal(7, created["created"]!.AsArray().Count);
        var again = await CreateTablesAsync();
        Assert.Empty(again["created"]!.AsArray());

        var silo = await SiloProcess.StartAsync(Options(), Patience);
        try
        {
            var waiting = await WaitingAsync(silo, count: 2);
            await DecideAsync(silo, waiting[0]);
            await silo.KillAsync();
            await silo.DisposeAsync();
            silo = await SiloProcess.StartAsync(silo.Options, Patience);
            await DecideAsync(silo, waiting[1]);

            using var auditor = Caller(silo, "auditor");
            await Eventually.TrueAsync(
                async () => await RunsAsync(auditor) is { Count: 5 } runs && runs.All(run => (string?)run!["state"] == "RUN_STATE_COMPLETED"), "five runs have ended");
            foreach (var run in await RunsAsync(auditor)) await RequireWholeAsync(auditor, (string)run!["name"]!);
        }
        finally
        {
            await silo.DisposeAsync();
        }

        await RequireEvidenceAsync();
        string[] local = ["demo", "endpoints", "format", "keys"];
        Assert.Subset(local.ToHashSet(), Directory.EnumerateFileSystemEntries(_folder.Path).Select(entry => Path.GetFileName(entry)).Where(name => name[0] != '.').ToHashSet());
    }

    // Of the same cluster, which asks its grains. What the killed process had not published by then is there all the same.
    private async Task RequireEvidenceAsync()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "test");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "test");
        const string Prefix = "AGENTRT_";
        var settings = new ConfigurationBuilder().AddInMemoryCollection(_environment
            .Where(static each => each.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(static each => new KeyValuePair<string, string?>(each.Key[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal), each.Value))).Build();
        var payloads = new BenchPayloads(seed: 1);
        await using var asking = await BenchSilo.StartAsync(new ScriptedModel(payloads), payloads.Tool(RiskLevel.Read), new RunLimits(), new ContextWindow(), settings);
        var figures = await JournalFigures.RequireSameAsync(asking.Services, TenantId.Parse("demo"));
        Assert.Equal(5, figures.Count(EventTypes.RunCompleted));
        Assert.Equal(2, figures.Count(EventTypes.ApprovalDecided));
    }

    private SiloProcessOptions Options() => SiloProcessOptions.OnFreePorts(_folder.Path) with
    {
        Verb = ["demo"],
        Arguments = ["--input", _work.At("tickets.jsonl"), "--orders-port", $"{FreePorts.Take(1)[0]}"],
        Environment = _environment,
    };

    private static JsonCaller Caller(SiloProcess silo, string role) =>
        new(new Uri($"http://127.0.0.1:{silo.Options.HttpPort}/"), IssuedToken.Sign(IssuedToken.IssuerOf(silo), "demo", "anna", role));

    private static async Task<List<string>> WaitingAsync(SiloProcess silo, int count)
    {
        using var approver = Caller(silo, "approver");
        List<string> names = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var (_, page) = await approver.GetAsync("v1/tenants/demo/approvals");
                names = [.. (page["approvals"] as JsonArray ?? []).Where(each => (string?)each!["state"] == "APPROVAL_STATE_PENDING").Select(each => (string)each!["name"]!)];
                return names.Count == count;
            },
            $"{count} approvals wait");
        return names;
    }

    private static async Task DecideAsync(SiloProcess silo, string approval)
    {
        using var approver = Caller(silo, "approver");
        var (status, body) = await approver.SendAsync(HttpMethod.Post, $"v1/{approval}:decide", """{"verdict": "APPROVAL_VERDICT_APPROVE", "reason": "checked"}""");
        Assert.True(status == HttpStatusCode.OK, $"{status}: {body}");
    }

    private static async Task<JsonArray> RunsAsync(JsonCaller caller) => (await caller.GetAsync(Runs)).Body["runs"] as JsonArray ?? [];

    private static async Task RequireWholeAsync(JsonCaller caller, string run)
    {
        var seqs = new List<string>();
        await foreach (var line in caller.StreamAsync($"v1/{run}:watch"))
        {
            if ((line["result"] ?? line)["record"]?["seq"] is { } seq) seqs.Add(seq.ToString());
            else if ((line["result"] ?? line)["record"] is not null) seqs.Add("0");
        }

        Assert.True(seqs.Count > 3, $"{run} has {seqs.Count} records");
        Assert.Equal(Enumerable.Range(0, seqs.Count).Select(seq => $"{seq}"), seqs);
    }

    private async Task<JsonNode> CreateTablesAsync()
    {
        var (code, output, errors) = await RunAsync("create-tables", "--json");
        Assert.True(code == 0, errors);
        return JsonNode.Parse(output)!;
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Silo.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output, errors);
    }
}

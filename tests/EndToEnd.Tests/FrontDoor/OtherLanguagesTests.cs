using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests.FrontDoor;

/// <summary>The demo's refund, begun, followed and approved by clients that have nothing of ours but the protobufs, or only paths and JSON.</summary>
public sealed class OtherLanguagesTests(RefundSilo silo, ITestOutputHelper output) : IClassFixture<RefundSilo>
{
    private static readonly string[] Decided = ["approval.requested", "approval.decided", "run.completed"];

    [Fact]
    public async Task Refund_ByANodeClientOfTheProtobufs_IsStreamedApprovedAndCompleted()
    {
        var lines = RefundSilo.Lines(await NodeAsync(await NodePackages.RequireAsync()));
        var records = lines.Where(line => Text(line, "event") == "record").ToList();
        Assert.Equal(Enumerable.Range(0, records.Count).Select(seq => $"{seq}"), records.Select(record => Text(record, "seq")));
        Assert.Equal(Decided, records.Select(record => Text(record, "type")).Where(Decided.Contains));

        var refused = lines.Single(line => Text(line, "event") == "refused");
        Assert.Equal("PERMISSION_DENIED", Text(refused, "code"));
        Assert.True(refused.GetProperty("hasDetails").GetBoolean());
        var approved = lines.Single(line => Text(line, "event") == "approved");
        Assert.Equal("APPROVAL_STATE_APPROVED", Text(approved, "state"));
        Assert.Contains("node-person", approved.GetProperty("by")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("RUN_STATE_COMPLETED", Text(lines[^1], "state"));
    }

    [Fact]
    public async Task Refund_ByPlainHttpCalls_IsStreamedApprovedAndCompleted()
    {
        using var app = new JsonCaller(silo.Json, silo.App("json-app"));
        using var person = new JsonCaller(silo.Json, silo.Approver("json-person"));
        var (status, started) = await app.SendAsync(HttpMethod.Post, "/v1/tenants/demo/runs", new JsonObject
        {
            ["agent"] = "tenants/demo/agents/refund",
            ["input"] = RefundSilo.InputFor(RefundSilo.SecondTicket),
            ["requestId"] = "json-refund",
        }.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, status);
        var run = started["name"]!.GetValue<string>();

        var records = new List<JsonNode>();
        await foreach (var message in app.StreamAsync($"/v1/{run}:watch"))
        {
            if (message["record"] is not { } record) continue;
            records.Add(record);
            if (Text(record, "type") == "approval.requested") await ApproveAsync(run, app, person);
        }

        Assert.Equal(Enumerable.Range(0, records.Count).Select(seq => $"{seq}"), records.Select(record => Text(record, "seq")));
        Assert.Equal(Decided, records.Select(record => Text(record, "type")).Where(Decided.Contains));
        var (_, ended) = await app.GetAsync($"/v1/{run}");
        Assert.Equal("RUN_STATE_COMPLETED", Text(ended, "state"));
    }

    private static async Task ApproveAsync(string run, JsonCaller app, JsonCaller person)
    {
        var (_, inbox) = await person.GetAsync("/v1/tenants/demo/approvals?state=APPROVAL_STATE_PENDING");
        var approval = Text(Assert.Single(inbox["approvals"]!.AsArray(), approval => Text(approval!, "run") == run)!, "name");
        const string Answer = """{"verdict":"APPROVAL_VERDICT_APPROVE","reason":"checked"}""";
        Assert.Equal(HttpStatusCode.Forbidden, (await app.SendAsync(HttpMethod.Post, $"/v1/{approval}:decide", Answer)).Status);
        var (status, decided) = await person.SendAsync(HttpMethod.Post, $"/v1/{approval}:decide", Answer);
        Assert.True(status == HttpStatusCode.OK, decided.ToJsonString());
    }

    private async Task<string> NodeAsync(string modules)
    {
        var here = AppContext.BaseDirectory;
        var start = new ProcessStartInfo(
            NodePackages.Program(), [Path.Combine(here, "front-door-client.mjs"), modules, Path.Combine(here, "protos"), silo.GrpcAddress, RefundSilo.InputFor(RefundSilo.FirstTicket)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["APP_TOKEN"] = silo.App("node-app");
        start.Environment["PERSON_TOKEN"] = silo.Approver("node-person");
        using var node = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        var errors = node.StandardError.ReadToEndAsync(cancellation);
        var said = await node.StandardOutput.ReadToEndAsync(cancellation);
        await node.WaitForExitAsync(cancellation);
        output.WriteLine(said);
        Assert.True(node.ExitCode == 0, await errors);
        return said;
    }

    private static string Text(JsonElement line, string property) => line.GetProperty(property).GetString()!;

    private static string Text(JsonNode line, string property) => line[property]!.GetValue<string>();
}

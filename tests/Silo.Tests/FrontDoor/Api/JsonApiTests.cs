extern alias client;

using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

/// <summary>The same services over HTTP/1.1 and JSON: what holds for gRPC holds here.</summary>
public sealed class JsonApiTests(FrontDoorHost host) : IDisposable
{
    private readonly JsonCaller _json = new(host.HttpEndpoint, host.Token("acme", "anna", Roles.Developer));

    public void Dispose() => _json.Dispose();

    [Fact]
    public async Task Run_StartedOverJson_IsSeenToItsEnd()
    {
        var (status, run) = await _json.SendAsync(
            HttpMethod.Post, "/v1/tenants/acme/runs", """{"agent":"tenants/acme/agents/payer","input":"hello","requestId":"json-1"}""");
        Assert.Equal(HttpStatusCode.OK, status);

        var records = new List<JsonNode>();
        await foreach (var line in _json.StreamAsync($"/v1/{run["name"]}:watch?afterSeq=0"))
            if (line["record"] is { } record) records.Add(record);
        Assert.Equal("1", records[0]["seq"]!.GetValue<string>());

        var (_, ended) = await _json.GetAsync($"/v1/{run["name"]}");
        Assert.Equal("RUN_STATE_COMPLETED", ended["state"]!.GetValue<string>());
        Assert.Equal("you said hello", ended["output"]!.GetValue<string>());
    }

    [Fact]
    public async Task Call_WithoutCredential_IsUnauthenticated()
    {
        using var nobody = new JsonCaller(host.HttpEndpoint, token: null);
        await RefusesAsync(HttpStatusCode.Unauthorized, "UNAUTHENTICATED", nobody.GetAsync("/v1/tenants/acme/runs"));
    }

    [Fact]
    public async Task Call_WithoutTheRole_IsDenied()
    {
        using var auditor = new JsonCaller(host.HttpEndpoint, host.Token("acme", "audrey", Roles.Auditor));
        Assert.Equal(HttpStatusCode.OK, (await auditor.GetAsync("/v1/tenants/acme/runs")).Status);
        await RefusesAsync(HttpStatusCode.Forbidden, "PERMISSION_DENIED", auditor.SendAsync(HttpMethod.Post, "/v1/tenants/acme/runs/some:kill", "{}"));
    }

    [Fact]
    public async Task Call_OfAnotherTenantsResource_IsRefused()
    {
        await RefusesAsync(HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.GetAsync("/v1/tenants/other/runs"), "parent");
        await RefusesAsync(HttpStatusCode.NotFound, "NOT_FOUND", _json.GetAsync("/v1/tenants/acme/runs/missing"));
    }

    [Fact]
    public async Task Call_WithAParameterThatIsNoField_NamesIt()
    {
        Assert.Equal(HttpStatusCode.OK, (await _json.GetAsync("/v1/tenants/acme/runs?pageSize=1&page_token=")).Status);
        await RefusesAsync(HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.GetAsync("/v1/tenants/acme/runs?pagesize=1"), "pagesize");
        await RefusesAsync(HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.GetAsync("/v1/tenants/acme/runs?state.x=1"), "state.x");
        await RefusesAsync(HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.GetAsync("/v1/tenants/acme/runs?parent=tenants/acme"), "parent");
        await RefusesAsync(
            HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.SendAsync(HttpMethod.Post, "/v1/tenants/acme/runs?input=hello", "{}"), "input");
    }

    [Theory]
    [InlineData("""{"inputs":"hello"}""", "inputs")]
    [InlineData("""{"input":"a","input":"b"}""", "body")]
    [InlineData("""{"requestId":"a","request_id":"b"}""", "request_id")]
    [InlineData("""{"input":""", "body")]
    [InlineData("""{"\ud800":"a"}""", "body")]
    [InlineData("""{"parent":"\ud800"}""", "parent")]
    [InlineData("", "body")]
    [InlineData("""{"parent":"tenants/other"}""", "parent")]
    public async Task Run_StartedWithABodyThatIsWrong_NamesWhatIs(string body, string field) =>
        await RefusesAsync(HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.SendAsync(HttpMethod.Post, "/v1/tenants/acme/runs", body), field);

    [Theory]
    [InlineData("""{"input":1}""")]
    [InlineData("""{"input":"\ud800"}""")]
    [InlineData("""{"input":{}}""")]
    [InlineData("""{"agentVersion":"newest"}""")]
    [InlineData("[]")]
    public async Task Run_StartedWithAValueOfAnotherType_IsRefused(string body) =>
        await RefusesAsync(HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.SendAsync(HttpMethod.Post, "/v1/tenants/acme/runs", body));

    [Fact]
    public async Task Call_WithAParameterOfAnotherType_IsRefused()
    {
        await RefusesAsync(HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.GetAsync("/v1/tenants/acme/runs?pageSize=many"));
        await RefusesAsync(HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.GetAsync("/v1/tenants/acme/runs/some:watch?afterSeq=first"));
    }

    [Fact]
    public async Task Call_OfNoMethod_SaysSo()
    {
        await RefusesAsync(HttpStatusCode.NotFound, "NOT_FOUND", _json.GetAsync("/v1/tenants/acme/nothing"));
        await RefusesAsync(HttpStatusCode.NotFound, "NOT_FOUND", _json.SendAsync(HttpMethod.Delete, "/v1/tenants/acme/runs", "{}"));
    }

    [Fact]
    public async Task List_ThatHasNoOrder_RefusesOne() =>
        await RefusesAsync(HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.GetAsync("/v1/tenants/acme/agents?orderBy=name"), "orderBy");

    [Fact]
    public async Task Call_WithABodyOfTooManyValues_IsRefused()
    {
        var tools = string.Join(',', Enumerable.Repeat("{}", 10_001));
        await RefusesAsync(
            HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.SendAsync(HttpMethod.Post, "/v1/tenants/acme/agents:apply", $$$"""{"definition":{"tools":[{{{tools}}}]}}"""), "body");
    }

    [Fact]
    public async Task Agent_WithAMistakeDeepInItsDefinition_NamesThePlace()
    {
        const string Body = """{"agentId":"x","definition":{"limits":{"maxSteps":3},"tools":[{"tool":"tenants/acme/tools/pay"},{"tol":"x"}]}}""";
        await RefusesAsync(
            HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.SendAsync(HttpMethod.Post, "/v1/tenants/acme/agents:apply", Body), "definition.tools[1].tol");
    }

    [Fact]
    public async Task Call_WithoutABody_IsToldOfIt() => await RefusesAsync(
        HttpStatusCode.BadRequest, "INVALID_ARGUMENT", _json.SendAsync(HttpMethod.Post, "/v1/tenants/acme/runs/some:cancel", null), "content-type");

    [Fact]
    public async Task Tenant_UpdatedOverJson_IsTheOneInThePath()
    {
        using var operators = new JsonCaller(host.HttpEndpoint, host.Token(null, "olga", Roles.PlatformOperator));
        const string Settings = "\"settings\":{\"displayName\":\"Over JSON\"}";
        Assert.Equal(HttpStatusCode.OK, (await operators.SendAsync(HttpMethod.Post, "/v1/tenants", $"{{\"tenantId\":\"json-made\",{Settings}}}")).Status);
        var (status, updated) = await operators.SendAsync(HttpMethod.Put, "/v1/tenants/json-made", $"{{\"name\":\"tenants/json-made\",{Settings}}}");
        Assert.Equal((HttpStatusCode.OK, "tenants/json-made"), (status, updated["name"]!.GetValue<string>()));
        await RefusesAsync(
            HttpStatusCode.BadRequest, "INVALID_ARGUMENT", operators.SendAsync(HttpMethod.Put, "/v1/tenants/json-made", $"{{\"name\":\"tenants/acme\",{Settings}}}"), "name");
    }

    [Fact]
    public async Task Session_MadeOverJson_HasTheIdOfTheQuery()
    {
        var (status, session) = await _json.SendAsync(HttpMethod.Post, "/v1/tenants/acme/sessions?sessionId=json-talk", """{"agent":"tenants/acme/agents/payer"}""");
        Assert.Equal((HttpStatusCode.OK, "tenants/acme/sessions/json-talk"), (status, session["name"]?.GetValue<string>()));
    }

    [Fact]
    public async Task Watch_WhoseCredentialEnds_EndsWithTheErrorAsItsLastLine()
    {
        var (_, run) = await _json.SendAsync(HttpMethod.Post, "/v1/tenants/acme/runs", """{"agent":"tenants/acme/agents/payer","input":"pay","requestId":"json-expiry"}""");
        using var brief = new JsonCaller(host.HttpEndpoint, host.Token("acme", "anna", TimeSpan.FromSeconds(3), Roles.Developer));
        var lines = new List<JsonNode>();
        await foreach (var line in brief.StreamAsync($"/v1/{run["name"]}:watch")) lines.Add(line);
        Assert.Contains(lines, line => line["record"] is not null);
        Assert.Equal(14, lines[^1]["code"]!.GetValue<int>());
        Assert.Contains("credential ended", lines[^1]["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WithABodyOver4Megabytes_IsRefused()
    {
        var body = $$"""{"input":"{{new string('x', 5_000_000)}}"}""";
        await RefusesAsync(HttpStatusCode.RequestEntityTooLarge, "LIMIT_EXCEEDED", _json.SendAsync(HttpMethod.Post, "/v1/tenants/acme/runs", body));
    }

    [Fact]
    public async Task Call_WithTwoCredentials_IsRefused()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.HttpEndpoint, "/v1/tenants/acme/runs"));
        var good = $"Bearer {host.Token("acme", "anna", Roles.Developer)}";
        request.Headers.TryAddWithoutValidation("authorization", [good, good]);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Call_ForAnotherHost_IsRefused()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.HttpEndpoint, "/v1/tenants/acme/runs")) { Headers = { Host = "evil.example" } };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", host.Token("acme", "anna", Roles.Developer));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Json_AtThePortOfGrpc_IsNotThere()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Endpoint, "/v1/tenants/acme/runs"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", host.Token("acme", "anna", Roles.Developer));
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    // As google.rpc.Status: the reason of the runtime, a trace id and, where there is one, the field.
    private static async Task RefusesAsync(HttpStatusCode expected, string reason, Task<(HttpStatusCode Status, JsonNode Body)> call, string? field = null)
    {
        var (status, body) = await call;
        Assert.True(expected == status, $"{status}: {body}");
        var details = body["details"]!.AsArray();
        var info = Assert.Single(details, detail => Type(detail) == "ErrorInfo")!;
        Assert.Equal(reason, info["reason"]!.GetValue<string>());
        Assert.Equal("agentruntime", info["domain"]!.GetValue<string>());
        Assert.NotEmpty(info["metadata"]!["trace_id"]!.GetValue<string>());
        if (field is null) return;
        var violations = Assert.Single(details, detail => Type(detail) == "BadRequest")!["fieldViolations"]!.AsArray();
        Assert.Equal(field, Assert.Single(violations)!["field"]!.GetValue<string>());
    }

    private static string Type(JsonNode? detail) => detail!["@type"]!.GetValue<string>().Split('.')[^1];
}

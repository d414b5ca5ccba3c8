using AgentRuntime.Common;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Contracts;
using AgentRuntime.Tools.Functions;

namespace AgentRuntime.Grains.Tests.Tools.Contracts;

public sealed class ContractRulesTests
{
    private static readonly FunctionTools Functions = new FunctionTools().Add(new FunctionTool(
        "refund", "Pays.", RiskLevel.WriteHigh, EffectClass.AtMostOnce, """{"type":"object"}""", null, (_, _) => throw new NotSupportedException()));

    private static readonly ToolContract Function = ToolSamples.Contract(RiskLevel.WriteHigh) with { Effect = EffectClass.AtMostOnce };

    private static readonly HttpInvoker Invoker = new("POST", "https://api.example.com/orders/{order}", new Dictionary<string, string>(), 1_024);

    private static readonly ToolContract Http = Function with { Invoker = Invoker, EgressHosts = ["api.example.com"] };

    public static TheoryData<string, string> Refused => new()
    {
        { "wireName", "printable ASCII" },
        { "description", "bytes" },
        { "inputSchema", "'$recursiveRef'" },
        { "inputRoot", "\"type\": \"object\"" },
        { "outputSchema", "$ref leads to 'https://example.com/order'" },
        { "risk", "risk" },
        { "effect", "does not go with" },
        { "timeoutMs", "600000" },
        { "dataClasses", "a-z, 0-9" },
        { "dataClassTwice", "twice" },
        { "function", "'gone' is not offered" },
        { "functionRisk", "less than function 'refund'" },
        { "functionEffect", "looser than function 'refund'" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Normalise_PartOutOfBounds_NamesIt(string part, string complaint)
    {
        var contract = part switch
        {
            "wireName" => Function with { WireName = "refünd" },
            "description" => Function with { Description = new string('x', 9_000) },
            "inputSchema" => Function with { InputSchema = """{"type":"object","$recursiveRef":"#"}""" },
            "inputRoot" => Function with { InputSchema = "{}" },
            "outputSchema" => Function with { OutputSchema = """{"$ref":"https://example.com/order"}""" },
            "risk" => Function with { Risk = 0 },
            "effect" => Function with { Effect = EffectClass.Read },
            "timeoutMs" => Function with { TimeoutMs = 600_001 },
            "dataClasses" => Function with { DataClasses = ["Customer"] },
            "dataClassTwice" => Function with { DataClasses = ["a", "a"] },
            "function" => Function with { Invoker = new FunctionInvoker("gone") },
            "functionRisk" => Function with { Risk = RiskLevel.Write },
            "functionEffect" => Function with { Effect = EffectClass.Idempotent },
            _ => throw new ArgumentOutOfRangeException(nameof(part)),
        };

        Assert.Contains(complaint, Assert.Throws<InvalidInputException>(() => ContractRules.Normalise(contract, Functions)).Message);
    }

    [Fact]
    public void Normalise_Valid_OrdersTheLists()
    {
        var contract = ContractRules.Normalise(Http with { DataClasses = ["b", "a"], EgressHosts = ["api.example.com", "a.example.com:8443"] }, Functions);

        Assert.Equal(["a", "b"], contract.DataClasses);
        Assert.Equal(["a.example.com:8443", "api.example.com"], contract.EgressHosts);
    }

    [Theory]
    [InlineData("HEAD", "https://api.example.com/", "GET, POST")]
    [InlineData("GET", "ftp://api.example.com/", "https URL")]
    [InlineData("GET", "/orders", "https URL")]
    [InlineData("GET", "https://{order}.example.com/", "host or port")]
    [InlineData("GET", "https://user:pw@api.example.com/", "user information")]
    [InlineData("GET", "https://API.example.com/", "lower-case")]
    [InlineData("GET", "https://other.example.com/", "must name 'other.example.com:443'")]
    [InlineData("GET", "https://api.example.com/{cents}", "required property")]
    [InlineData("GET", "https://api.example.com/{nothing}", "required property")]
    [InlineData("GET", "https://api.example.com/a}", "without '{'")]
    [InlineData("GET", "https://api.example.com/{order", "without a name")]
    [InlineData("GET", "https://api.example.com/a/%2e%2E/b", "segment of dots")]
    [InlineData("GET", "https://api.example.com/#x", "fragment")]
    public void Normalise_HttpUrlOrMethodWrong_SaysHow(string method, string url, string complaint) => Assert.Contains(
        complaint,
        Assert.Throws<InvalidInputException>(() => ContractRules.Normalise(Http with { Invoker = Invoker with { Method = method, UrlTemplate = url } }, Functions)).Message);

    [Theory]
    [InlineData("X-A", "a\r\nHost: evil", "line breaks")]
    [InlineData("X A", "a", "token characters")]
    [InlineData("X-A:", "a", "token characters")]
    [InlineData("Host", "a", "written by the runtime")]
    [InlineData("idempotency-key", "a", "written by the runtime")]
    [InlineData("Transfer-Encoding", "chunked", "written by the runtime")]
    [InlineData("Authorization", "Bearer abc", "secret:NAME")]
    [InlineData("X-Api-Key", "abc", "secret:NAME")]
    [InlineData("X-Session-Token", "abc", "secret:NAME")]
    [InlineData("Authorization", "secret:../other", "a-z, 0-9")]
    public void Normalise_HeaderWrong_SaysHow(string name, string value, string complaint) => Assert.Contains(
        complaint,
        Assert.Throws<InvalidInputException>(
            () => ContractRules.Normalise(Http with { Invoker = Invoker with { Headers = new Dictionary<string, string> { [name] = value } } }, Functions)).Message);

    [Fact]
    public void Normalise_SecretByName_IsKept()
    {
        var headers = new Dictionary<string, string> { ["Authorization"] = "secret:refunds" };
        var invoker = Assert.IsType<HttpInvoker>(ContractRules.Normalise(Http with { Invoker = Invoker with { Headers = headers } }, Functions).Invoker);
        Assert.Equal(headers, invoker.Headers);
    }
}

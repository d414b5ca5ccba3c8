using AgentRuntime.Common;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Contracts;
using AgentRuntime.Tools.Functions;
using AgentRuntime.Tools.Http.Egress;
using AgentRuntime.Tools.Mcp;

namespace AgentRuntime.Grains.Tests.Tools.Mcp;

public sealed class McpContractRulesTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    private static readonly string Entry = new('a', 64);

    private static readonly ToolContract Contract = ToolSamples.Contract(RiskLevel.WriteHigh) with { Effect = EffectClass.AtMostOnce, Invoker = new McpInvoker("files", Entry) };

    [Fact]
    public void Normalise_NameAndHash_AreFine() => Assert.Equal(Contract.Invoker, ContractRules.Normalise(Contract, new FunctionTools()).Invoker);

    [Theory]
    [InlineData("/bin/sh", "invoker.server")]
    [InlineData("Files", "invoker.server")]
    [InlineData("a-name-that-is-longer-than-32-chars", "invoker.server")]
    [InlineData("", "invoker.server")]
    public void Normalise_NoName_IsRefused(string server, string field)
    {
        var refused = Assert.Throws<InvalidInputException>(() => ContractRules.Normalise(Contract with { Invoker = new McpInvoker(server, Entry) }, new FunctionTools()));
        Assert.Equal(field, refused.Field);
        Assert.Contains("Mcp:Servers", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void Normalise_NoHash_IsRefused(string entry) => Assert.Equal(
        "invoker.entry",
        Assert.Throws<InvalidInputException>(() => ContractRules.Normalise(Contract with { Invoker = new McpInvoker("files", entry) }, new FunctionTools())).Field);

    [Fact]
    public void Hash_ServerAndEntry_Count()
    {
        ToolContract[] contracts = [Contract, Contract with { Invoker = new McpInvoker("file", Entry) }, Contract with { Invoker = new McpInvoker("files", new('b', 64)) }];
        Assert.Equal("""{"mcp":"files","entry":"ENTRY"}""".Replace("ENTRY", Entry, StringComparison.Ordinal), Invoker(Contract));
        Assert.Equal(3, contracts.Select(ContractHash.Compute).Distinct().Count());
    }

    [Fact]
    public void RequireServer_Unknown_IsNotFound()
    {
        var refused = Assert.Throws<AgentRuntimeException>(() => McpContractRules.RequireServer(Contract, Acme, new NoMcpServers()));
        Assert.Equal(ErrorCode.NotFound, refused.Code);
    }

    [Theory]
    [InlineData("mcp.example.com:443", true)]
    [InlineData("mcp.example.com", true)]
    [InlineData("example.com", false)]
    public void RequireServer_Endpoint_MustBeAmongTheContractsHosts(string host, bool fits)
    {
        var contract = Contract with { EgressHosts = [host] };
        var refused = Record.Exception(() => McpContractRules.RequireServer(contract, Acme, new OneEndpoint()));
        Assert.Equal(fits ? null : "egressHosts", (refused as InvalidInputException)?.Field);
    }

    private static string Invoker(ToolContract contract)
    {
        var canonical = System.Text.Encoding.UTF8.GetString(ContractHash.Canonical(contract));
        return canonical[(canonical.IndexOf("\"invoker\":", StringComparison.Ordinal) + "\"invoker\":".Length)..^1];
    }

    private sealed class OneEndpoint : IMcpServers
    {
        public McpServerPlace? Find(TenantId tenant, string server) => new(EgressUrl.Parse("https://mcp.example.com/mcp", "Url"));
    }
}

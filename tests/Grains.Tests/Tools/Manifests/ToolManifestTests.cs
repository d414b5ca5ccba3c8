using AgentRuntime.Common;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Manifests;

namespace AgentRuntime.Grains.Tests.Tools.Manifests;

public class ToolManifestTests
{
    private const string Valid = """
        kind: Tool
        name: issue-refund
        description: Pays money back.
        risk: write-high
        effect: idempotent
        timeoutMs: 10000
        dataClasses: [orders]
        egressHosts: [orders.localhost]
        input:
          type: object
          properties:
            amount: { type: integer, minimum: 1 }
          required: [amount]
        http:
          method: POST
          url: http://orders.localhost:9000/refunds
          headers: { X-Team: refunds }
        """;

    [Fact]
    public void Parse_Valid_ReadsTheContract()
    {
        var manifest = Assert.Single(ToolManifest.Parse(Valid));

        Assert.Equal("issue-refund", manifest.Contract.WireName);
        Assert.Equal((RiskLevel.WriteHigh, EffectClass.Idempotent), (manifest.Contract.Risk, manifest.Contract.Effect));
        Assert.Equal(
            """{"type":"object","properties":{"amount":{"type":"integer","minimum":1}},"required":["amount"]}""", manifest.Contract.InputSchema);
        Assert.Null(manifest.Contract.OutputSchema);
        var http = Assert.IsType<HttpInvoker>(manifest.Contract.Invoker);
        Assert.Equal(("POST", "refunds", 1024 * 1024), (http.Method, http.Headers["X-Team"], http.MaxResponseBytes));
    }

    [Theory]
    [InlineData("effect: idempotent", "effect: maybe", "'effect' must be read, idempotent or at-most-once, not 'maybe'")]
    [InlineData("risk: write-high", "risk: WriteHigh", "'risk' must be read, write, write-high or critical")]
    [InlineData("timeoutMs: 10000", "timeoutMs: 600001", "'timeoutMs' must be 1 to 600000, not 600001")]
    [InlineData("  method: POST", "  verb: POST", "http needs 'method'")]
    [InlineData("  method: POST", "  method: POST\n  verify: false", "http has no key 'verify'. Known: headers, method, url, maxResponseBytes")]
    [InlineData("http:\n", "function: f\nhttp:\n", "exactly one of 'function', 'http' and 'mcp'")]
    [InlineData("{ X-Team: refunds }", "{ X-Team: refunds, x-team: b }", "header 'x-team' is there twice")]
    [InlineData("description: Pays money back.", "description: ''", "'description' must be 1 to 8192")]
    public void Parse_Malformed_NamesTheCulprit(string from, string to, string part)
    {
        var yaml = Valid.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(Valid, yaml);

        Assert.Contains(part, Assert.Throws<InvalidInputException>(() => ToolManifest.Parse(yaml)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_Mcp_ReadsServerAndEntry()
    {
        var yaml = $"{Valid[..Valid.IndexOf("http:", StringComparison.Ordinal)]}mcp: {{ server: files, entry: abc }}";
        Assert.Equal(new McpInvoker("files", "abc"), Assert.Single(ToolManifest.Parse(yaml)).Contract.Invoker);
    }

    [Theory]
    [InlineData("server: files, entry: abc, command: [sh]", "'command' is not part of a contract")]
    [InlineData("server: files, entry: abc, url: x", "'url' is not part of a contract")]
    [InlineData("server: files", "mcp needs 'entry'")]
    [InlineData("server: files, entry: abc, extra: 1", "mcp has no key 'extra'. Known: server, entry")]
    public void Parse_McpWithMore_NamesTheCulprit(string mcp, string part)
    {
        var yaml = $"{Valid[..Valid.IndexOf("http:", StringComparison.Ordinal)]}mcp: {{ {mcp} }}";
        Assert.Contains(part, Assert.Throws<InvalidInputException>(() => ToolManifest.Parse(yaml)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ManifestFile_MixedKinds_AreSortedOut()
    {
        var file = ManifestFile.Parse($"{Valid}\n---\nkind: Tenant\nname: demo\n");

        Assert.Single(file.Tools);
        Assert.Single(file.Tenants);
        Assert.Empty(file.Agents);
    }
}

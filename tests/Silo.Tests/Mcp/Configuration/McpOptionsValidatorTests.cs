using AgentRuntime.Mcp.Configuration;
using Microsoft.Extensions.Configuration;

namespace AgentRuntime.Silo.Tests.Mcp.Configuration;

public sealed class McpOptionsValidatorTests
{
    private static readonly Dictionary<string, string?> Process = new()
    {
        ["Servers:files:Command:0"] = Environment.ProcessPath,
        ["Servers:files:Command:1"] = "--root",
        ["Servers:files:Tenants:0"] = "acme",
        ["Servers:files:Environment:HOME"] = "/tmp",
        ["Servers:web:Url"] = "https://mcp.example.com/mcp",
        ["Servers:web:Headers:Authorization"] = "secret:web-token",
        ["Servers:web:Tenants:0"] = "*",
    };

    [Fact]
    public void Validate_ProcessAndEndpoint_AreBoundAndFine()
    {
        var options = Bind([]);
        Assert.Null(new McpOptionsValidator().Validate(null, options).FailureMessage);
        Assert.Equal([Environment.ProcessPath!, "--root"], options.Servers["files"].Command);
        Assert.Equal("/tmp", options.Servers["files"].Environment["HOME"]);
        Assert.True(options.Servers["web"].Admits("anybody"));
        Assert.False(options.Servers["files"].Admits("other"));
    }

    [Theory]
    [InlineData("MaxConnections", "0", "Mcp:MaxConnections must be 1 to 1000, not 0")]
    [InlineData("Servers:Bad_Name:Command:0", "/bin/sh", "Mcp:Servers:Bad_Name: the name must be")]
    [InlineData("Servers:files:Command:0", "node", "Mcp:Servers:files:Command:0 must be the absolute path of a program that exists, not 'node'")]
    [InlineData("Servers:files:Command:0", "/no/such/program", "that exists, not '/no/such/program'")]
    [InlineData("Servers:files:Command:1", "a\0b", "without NUL")]
    [InlineData("Servers:files:Url", "https://x.example", "needs exactly one of Command and Url")]
    [InlineData("Servers:files:WorkingDirectory", "here", "WorkingDirectory must be an absolute path")]
    [InlineData("Servers:files:Environment:A-B", "x", "names of letters, digits and '_'")]
    [InlineData("Servers:files:Headers:X", "x", "Headers are for Url")]
    [InlineData("Servers:files:Uid", "0", "Uid must be 1 to")]
    [InlineData("Servers:files:Tenants:0", "Acme", "Tenants must name the tenants")]
    [InlineData("Servers:files:StartTimeoutSeconds", "0", "StartTimeoutSeconds must be 1 to 120, not 0")]
    [InlineData("Servers:files:MaxBackoffSeconds", "601", "MaxBackoffSeconds must be 1 to 600")]
    [InlineData("Servers:files:IdleSeconds", "0", "IdleSeconds must be 1 to 86400")]
    [InlineData("Servers:files:RefreshSeconds", "3601", "RefreshSeconds must be 1 to 3600")]
    [InlineData("Servers:files:MaxResponseBytes", "1", "MaxResponseBytes must be 1024 to 16777216")]
    [InlineData("Servers:web:Url", "ftp://x.example", "Mcp:Servers:web:Url: must be an absolute https URL")]
    [InlineData("Servers:web:Url", "https://user@x.example", "user information")]
    [InlineData("Servers:web:Uid", "5", "are for Command")]
    [InlineData("Servers:web:Headers:X", "a\nb", "printable ASCII")]
    [InlineData("Servers:lonely:Url", "https://x.example", "Mcp:Servers:lonely:Tenants must name")]
    public void Validate_WrongKey_IsNamedWithItsFix(string key, string value, string complaint)
    {
        var options = Bind(new() { [key] = value });
        Assert.Contains(complaint, new McpOptionsValidator().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    private static McpOptions Bind(Dictionary<string, string?> changed)
    {
        var options = new McpOptions();
        new ConfigurationBuilder().AddInMemoryCollection(Process).AddInMemoryCollection(changed).Build().Bind(options);
        return options;
    }
}

using AgentRuntime.Common;
using AgentRuntime.Tools;

namespace AgentRuntime.Grains.Tests.Tools;

public sealed class PublishRulesTests
{
    private static readonly ToolVersionHead Draft = new(new string('a', 64), "test|person|dana", PublishedBy: null, ToolSamples.Now);

    [Fact]
    public void RefusePublish_TheHost_PublishesFunctionsAndNothingElse()
    {
        var host = Principal(null, null, Roles.PlatformOperator);
        var http = ToolSamples.Contract(invoker: new HttpInvoker("GET", "https://example.com", new Dictionary<string, string>(), 1_024));

        Assert.Null(PublishRules.RefusePublish(Draft, ToolSamples.Contract(), host));
        Assert.Contains("functions of its own program", PublishRules.RefusePublish(Draft, http, host));
    }

    [Theory]
    [InlineData(Roles.PlatformOperator)]
    [InlineData(Roles.Developer)]
    public void RefusePublish_WhoSpeaksForATenant_IsNeverTheHost(string role) =>
        Assert.NotNull(PublishRules.RefusePublish(Draft, ToolSamples.Contract(), Principal("rita", TenantId.Parse("acme"), role)));

    [Fact]
    public void RefusePublish_NobodysTenantWithoutTheRole_IsRefused() =>
        Assert.NotNull(PublishRules.RefusePublish(Draft, ToolSamples.Contract(), Principal(null, null, Roles.Developer)));

    private static Principal Principal(string? person, TenantId? tenant, string role) => new("test", person ?? "s", person, tenant, [role], ToolSamples.Now);
}

using AgentRuntime.Agents;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Http.Egress;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Grains.Tests.Tools;

public sealed class ToolsRegistrationTests
{
    [Fact]
    public void AddTools_Twice_RegistersOnce()
    {
        var services = new ServiceCollection().AddTools();
        var count = services.Count(s => s.ServiceType == typeof(IToolInvoker) || s.ServiceType == typeof(IToolCatalog));

        services.AddTools();

        Assert.Equal((3, 3), (count, services.Count(s => s.ServiceType == typeof(IToolInvoker) || s.ServiceType == typeof(IToolCatalog))));
    }

    [Theory]
    [InlineData("Egress:Hosts:0", "https://api.example.com", "'https://api.example.com'")]
    [InlineData("Egress:AllowPrivateHosts:0", "127.1", "'127.1'")]
    [InlineData("Secrets:Folder", "relative", "Secrets:Folder")]
    [InlineData("Tools:Gateway:MaxResultBytes", "1", "Tools:Gateway:MaxResultBytes")]
    [InlineData("Tools:Gateway:StopGraceMs", "5000", "Tools:Gateway:StopGraceMs")]
    public void Validate_WrongSetting_NamesTheKey(string key, string value, string named)
    {
        using var services = Services(key, value);

        var refusal = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains(named, refusal.Message);
    }

    [Fact]
    public void EgressOptions_FromConfiguration_AreBound()
    {
        using var services = Services("Egress:Hosts:0", "api.example.com:443");

        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(["api.example.com:443"], services.GetRequiredService<IOptions<EgressOptions>>().Value.Hosts);
    }

    private static ServiceProvider Services(string key, string value) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build())
        .AddTools()
        .BuildServiceProvider();
}

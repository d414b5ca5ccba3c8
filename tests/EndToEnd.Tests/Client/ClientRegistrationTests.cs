extern alias client;

using client::AgentRuntime.Client;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.EndToEnd.Tests.Client;

public sealed class ClientRegistrationTests
{
    [Fact]
    public void Add_Twice_IsOneClientOfTheFirst()
    {
        using var services = new ServiceCollection()
            .AddAgentRuntimeClient(o => (o.Endpoint, o.Token) = (new Uri("http://127.0.0.1:1"), _ => ValueTask.FromResult("t")))
            .AddAgentRuntimeClient(_ => Assert.Fail("The second registration was used."))
            .BuildServiceProvider();
        Assert.Same(services.GetRequiredService<AgentRuntimeClient>(), services.GetRequiredService<AgentRuntimeClient>());
    }

    [Theory]
    [InlineData(null, true, 30, "Endpoint is no address")]
    [InlineData("http://192.0.2.1:5101", true, 30, "use https")]
    [InlineData("http://127.0.0.1:5101", false, 30, "Token is not set")]
    [InlineData("https://192.0.2.1:5101", true, 0, "Deadline must be above 0")]
    public void Client_OptionThatCannotBe_IsNamed(string? endpoint, bool hasToken, int deadlineSeconds, string said)
    {
        var options = new AgentRuntimeClientOptions
        {
            Endpoint = endpoint is null ? null : new Uri(endpoint),
            Token = hasToken ? _ => ValueTask.FromResult("t") : null,
            Deadline = TimeSpan.FromSeconds(deadlineSeconds),
        };
        Assert.Contains(said, Assert.Throws<ArgumentException>(() => new AgentRuntimeClient(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Id_WithoutATenant_SaysWhatToGive()
    {
        using var unknown = new AgentRuntimeClient(new AgentRuntimeClientOptions { Endpoint = new Uri("http://127.0.0.1:1"), Token = _ => ValueTask.FromResult("t") });
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => unknown.GetRunAsync("r1", TestContext.Current.CancellationToken));
        Assert.Contains("AgentRuntimeClientOptions.Tenant", fault.Message, StringComparison.Ordinal);
    }
}

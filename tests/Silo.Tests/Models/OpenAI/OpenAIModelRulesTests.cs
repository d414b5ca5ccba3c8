using AgentRuntime.Common;
using AgentRuntime.Models.OpenAI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Models.OpenAI;

public sealed class OpenAIModelRulesTests
{
    private const string Section = "Models:OpenAI:local";

    [Fact]
    public void AddOpenAIModels_OfASection_RegistersItByItsKey()
    {
        var services = Add(($"{Section}:Endpoint", "http://127.0.0.1:11434/v1"), ($"{Section}:Model", "llama3.2"), ($"{Section}:DataClasses:0", "support"));
        var registered = Assert.Single(services.Select(service => service.ImplementationInstance).OfType<AgentRuntime.Models.ModelRegistration>());
        Assert.Equal("local", registered.Name);
        Assert.Equal(["support"], registered.DataClasses);
    }

    [Theory]
    [InlineData("Endpoint", "ftp://example.com/v1")]
    [InlineData("Endpoint", "http://user@example.com/v1")]
    [InlineData("Endpoint", "example.com")]
    [InlineData("Model", " ")]
    [InlineData("ApiKeyFile", "key")]
    [InlineData("MaxOutputTokens", "0")]
    [InlineData("NetworkTimeoutSeconds", "0")]
    [InlineData("NetworkTimeoutSeconds", "soon")]
    [InlineData("MaxResponseBytes", "1")]
    [InlineData("Modell", "x")]
    public void AddOpenAIModels_WithAWrongOption_NamesIt(string key, string value)
    {
        var settings = new Dictionary<string, string> { ["Endpoint"] = "http://127.0.0.1:11434/v1", ["Model"] = "tiny", [key] = value };
        var refused = Assert.Throws<InvalidInputException>(() => Add([.. settings.Select(setting => ($"{Section}:{setting.Key}", setting.Value))]));
        Assert.Contains(Section, refused.Message, StringComparison.Ordinal);
        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://models.example.com/v1", false)]
    [InlineData("https://models.example.com/v1", true)]
    [InlineData("http://localhost:8000/v1", true)]
    public void AddOpenAIModel_WithAKey_WantsTlsOrLoopback(string endpoint, bool isTaken)
    {
        void Register() => new ServiceCollection().AddOpenAIModel("local", options => (options.Endpoint, options.Model, options.ApiKeyVariable) = (endpoint, "tiny", "KEY"));
        if (isTaken) Register();
        else Assert.Contains("https", Assert.Throws<InvalidInputException>(Register).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddOpenAIModels_WithANameThatIsNoId_IsRefused() =>
        Assert.Throws<InvalidInputException>(() => Add(("Models:OpenAI:My Model:Endpoint", "http://127.0.0.1/v1"), ("Models:OpenAI:My Model:Model", "x")));

    private static IServiceCollection Add(params (string Key, string Value)[] settings) => new ServiceCollection().AddOpenAIModels(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
}

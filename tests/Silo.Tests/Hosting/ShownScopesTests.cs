using AgentRuntime.Common.Telemetry;
using AgentRuntime.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace AgentRuntime.Silo.Tests.Hosting;

/// <summary>Scopes are opened where a logger shows them, and only there.</summary>
public sealed class ShownScopesTests
{
    [Theory]
    [InlineData("text", false)]
    [InlineData("json", true)]
    public void Console_ShowsScopesAsItsFormatDoes(string format, bool expected) => Assert.Equal(expected, AreShown(format));

    [Fact]
    public void Console_ToldToShowScopes_ShowsThem() =>
        Assert.True(AreShown("text", logging => logging.Services.Configure<SimpleConsoleFormatterOptions>(text => text.IncludeScopes = true)));

    [Fact]
    public void Logger_ThatAHostAdds_IsBelievedToShowScopes() => Assert.True(AreShown("text", logging => logging.AddProvider(NullLoggerProvider.Instance)));

    private static bool AreShown(string format, Action<ILoggingBuilder>? change = null)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(SiloLogging.FormatKey, (string?)format)]).Build();
        using var services = new ServiceCollection().AddLogging(logging =>
        {
            SiloLogging.Configure(logging, settings);
            change?.Invoke(logging);
        }).BuildServiceProvider();
        return services.GetRequiredService<LogScopes>().AreShown;
    }
}

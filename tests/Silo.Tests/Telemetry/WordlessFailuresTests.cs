using System.Diagnostics;
using AgentRuntime.Telemetry;

namespace AgentRuntime.Silo.Tests.Telemetry;

public sealed class WordlessFailuresTests
{
    [Theory]
    [InlineData(ActivityStatusCode.Unset)]
    [InlineData(ActivityStatusCode.Ok)]
    [InlineData(ActivityStatusCode.Error)]
    public void OnEnd_SpanWithAnException_KeepsItsTypeAndNoWords(ActivityStatusCode status)
    {
        using var span = new Activity("call");
        span.SetTag("exception.type", "System.FormatException").SetTag("exception.message", "canary").SetTag("exception.stacktrace", "canary").SetStatus(status, "canary");

        using var words = new WordlessFailures();
        words.OnEnd(span);

        Assert.Equal(KeyValuePair.Create("exception.type", (object?)"System.FormatException"), Assert.Single(span.TagObjects));
        Assert.Equal((status, null), (span.Status, span.StatusDescription));
    }
}

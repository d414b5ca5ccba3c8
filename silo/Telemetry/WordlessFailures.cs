using System.Diagnostics;
using OpenTelemetry;

namespace AgentRuntime.Telemetry;

/// <summary>Takes the words out of failures before they leave: the message of an exception that nobody foresaw may quote what it failed on. Its type stays.</summary>
internal sealed class WordlessFailures : BaseProcessor<Activity>
{
    private static readonly string[] Words = ["exception.message", "exception.stacktrace"];

    public override void OnEnd(Activity data)
    {
        foreach (var name in Words) data.SetTag(name, null);
        if (data.Status == ActivityStatusCode.Error) data.SetStatus(ActivityStatusCode.Error);
    }
}

using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace AgentRuntime.Cli.Runs;

/// <summary>The records of one run as lines that people read. Remembers which tool each call is of.</summary>
internal sealed class RunTimeline
{
    private const int ShownChars = 240;
    private readonly Dictionary<(long Step, long Call), string> _tools = [];

    /// <summary>One record as a line. Nothing in it is escaped yet.</summary>
    /// <param name="seq">Its place.</param>
    /// <param name="time">When it was written.</param>
    /// <param name="type">Its type.</param>
    /// <param name="payload">What it says as JSON; null when that is gone.</param>
    /// <param name="gone">What is said in its place then.</param>
    public string Line(long seq, DateTimeOffset time, string type, string? payload, string gone)
    {
        var text = payload is null ? gone : Cut(Text(type, payload));
        return string.Create(CultureInfo.InvariantCulture, $"{seq,5}  {time.ToLocalTime():HH:mm:ss.fff}  {type,-18}  {text}").TrimEnd();
    }

    public static Color Colour(string type) => type switch
    {
        "approval.requested" or "run.paused" or "limit.reached" => Color.Yellow,
        "run.completed" => Color.Green,
        "run.failed" or "attempt.failed" or "attempt.lost" => Color.Red,
        "run.cancelled" or "cancel.requested" or "kill.requested" => Color.Red,
        "model.replied" or "input.received" or "run.started" => Color.Default,
        _ => Color.Grey,
    };

    private string Text(string type, string payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            return Text(type, new RecordFields(document.RootElement)) ?? payload;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // A record of a later version, or one that was made by hand.
            return payload;
        }
    }

    private string? Text(string type, RecordFields r) => type switch
    {
        "run.started" => $"{r["agent"]} version {r.Number("agentVersion")}, for {r.Requester()}: {r["input"]}",
        "run.forked" => $"from run {r["parent"]} at {r.Number("atSeq")}{(r.Is("live") ? ", live" : "")}",
        "run.restored" => $"from a backup of {r["backupAt"]}",
        "input.received" => $"{r.Who("by")}: {r["text"]}",
        "model.replied" => Reply(r),
        "context.summarized" => r["text"],
        "attempt.failed" => $"{What(r)}, attempt {r.Number("attempt")}: {r["message"]}{(r["retryAt"].Length > 0 ? $" Next at {r["retryAt"]}." : "")}",
        "attempt.lost" => $"{What(r)}, attempt {r.Number("attempt")}: silo {r["previousOwner"]} is gone, {r["owner"]} goes on",
        "tool.decided" => $"{What(r)}: {r["decision"]}. {r["reason"]}",
        "tool.started" => $"{What(r)}, attempt {r.Number("attempt")}",
        "tool.returned" => $"{What(r)}: {r["outcome"]}{(r["enteredBy"].Length > 0 ? $", entered by {r.Who("enteredBy")}" : "")}{(r["fromRun"].Length > 0 ? $", from run {r["fromRun"]}" : "")}: {r["result"]}",
        "approval.requested" => $"{What(r)}, risk {r["risk"]}: needs {r.Number("requiredPeople")} until {r["expiresAt"]}. agentctl approval show {r["approval"]}",
        "approval.decided" => $"{r["verdict"]} by {r.Who("by")}: {r["reason"]}",
        "approval.expired" => $"{r["approval"]}: nobody decided, so it is denied",
        "limit.reached" => $"{r["limit"]}: {r.Number("value")} of {r.Number("max")}",
        "run.completed" => r["output"],
        "run.failed" => $"{r["code"]}: {r["message"]}",
        "run.paused" or "run.resumed" or "run.cancelled" or "cancel.requested" or "kill.requested" => $"by {r.Who("by")}: {r["reason"]}",
        _ => null,
    };

    private string Reply(RecordFields r)
    {
        var step = r.Number("step");
        var calls = r.Calls().ToList();
        for (var at = 0; at < calls.Count; at++) _tools[(step, at)] = calls[at].Name;
        var asks = string.Join(", ", calls.Select(call => $"{call.Name}{call.Arguments}"));
        string[] parts = [r["text"], asks.Length > 0 ? $"calls {asks}" : "", r.Is("needsPerson") ? "hands over to a person" : ""];
        return $"step {step}: {string.Join(" | ", parts.Where(part => part.Length > 0))}";
    }

    private string What(RecordFields r)
    {
        var step = r.Number("step");
        if (!r.Has("call")) return r["tool"] is { Length: > 0 } alone ? alone : _tools.TryGetValue((step, 0), out var first) ? first : $"model, step {step}";
        var name = r["tool"] is { Length: > 0 } tool ? tool : _tools.GetValueOrDefault((step, r.Number("call")), "call");
        return $"{name} (step {step}, call {r.Number("call")})";
    }

    private static string Cut(string text) => text.Length <= ShownChars ? text : $"{text[..ShownChars]}…";
}

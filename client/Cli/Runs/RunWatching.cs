using System.CommandLine;
using System.Globalization;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.V1;

namespace AgentRuntime.Cli.Runs;

/// <summary><c>run watch</c>: the records of a run, one a line, and on a terminal what it is doing below them.</summary>
internal static class RunWatching
{
    private const int ShownChars = 160;

    public static Command Create(Argument<string> run)
    {
        var after = new Option<long?>("--after") { Description = "Only records after this seq" };
        var deltas = new Option<bool>("--deltas") { Description = "Also what the model says while it says it" };
        return Verb.Of(
            "watch",
            "The records of a run, and each new one, until the run ends. Goes on by itself when the silo is gone for a while. Ctrl-C ends the watch, not the run.",
            (on, parsed, cancellation) => FollowAsync(on, on.Name("runs", parsed.GetRequiredValue(run)), parsed.GetValue(after), parsed.GetValue(deltas), cancellation),
            run, after, deltas);
    }

    public static async Task FollowAsync(Connection on, string run, long? afterSeq, bool deltas, CancellationToken cancellation)
    {
        var timeline = new RunTimeline();
        await using var progress = new ProgressLine(on.Print.Form, Doing("run.started"));
        var isOnTerminal = on.Print.IsTable && !Console.IsOutputRedirected;
        await foreach (var response in on.Client.FollowRunAsync(run, afterSeq, deltas || isOnTerminal, cancellation))
        {
            if (response.Record is { } record)
            {
                var payload = record.Erased ? null : record.PayloadJson;
                var line = timeline.Line(record.Seq, record.Time.ToDateTimeOffset(), record.Type, payload, "(erased)");
                progress.Above(() => on.Print.Line(record, line, RunTimeline.Colour(record.Type)));
                progress.Say(Doing(record.Type));
            }
            else if (deltas)
            {
                progress.Above(() => on.Print.Line(response, Piece(response)));
            }
            else if (response.Delta is { } piece)
            {
                progress.Say(_ => $"       step {piece.Step}: ...{piece.Text.ReplaceLineEndings(" ")}");
            }
        }
    }

    private static Func<TimeSpan, string> Doing(string newest)
    {
        var doing = newest switch
        {
            "approval.requested" => "waits for an approval",
            "run.paused" => "is paused",
            "attempt.failed" => "will try again",
            "tool.started" => "a tool works",
            _ => "works",
        };
        return time => string.Create(CultureInfo.InvariantCulture, $"       {doing}, {(int)time.TotalMinutes}:{time.Seconds:00}  (Ctrl-C ends the watch, not the run)");
    }

    private static string Piece(WatchRunResponse response) => response switch
    {
        { Delta: { } piece } => $"    ~  {Said(piece.Step, piece.Attempt)}  {Safe.Text(piece.Text, ShownChars)}",
        { DeltasVoided: { } voided } => $"    ~  {Said(voided.Step, voided.Attempt)}  (void)",
        _ => "",
    };

    private static string Said(int step, int attempt) => string.Create(CultureInfo.InvariantCulture, $"step {step}, attempt {attempt}");
}

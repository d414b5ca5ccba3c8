using System.CommandLine;
using System.Globalization;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.V1;

namespace AgentRuntime.Cli.Runs;

/// <summary><c>run watch</c>: the records of a run, one a line.</summary>
internal static class RunWatching
{
    private const int ShownPayloadChars = 160;

    public static Command Create(Argument<string> run)
    {
        var after = new Option<long?>("--after") { Description = "Only records after this seq" };
        var deltas = new Option<bool>("--deltas") { Description = "Also what the model says while it says it" };
        return Verb.Of(
            "watch",
            "The records of a run, and each new one, until the run ends. Goes on by itself when the silo is gone for a while.",
            (on, parsed, cancellation) =>
            {
                var name = on.Name("runs", parsed.GetRequiredValue(run));
                return parsed.GetValue(deltas)
                    ? FollowWithDeltasAsync(on, name, parsed.GetValue(after), cancellation)
                    : FollowAsync(on, name, parsed.GetValue(after), cancellation);
            },
            run, after, deltas);
    }

    public static async Task FollowAsync(Connection on, string run, long? afterSeq, CancellationToken cancellation)
    {
        await foreach (var record in on.Client.WatchRunAsync(run, afterSeq, cancellation)) on.Print.Line(record, Line(record));
    }

    private static async Task FollowWithDeltasAsync(Connection on, string run, long? afterSeq, CancellationToken cancellation)
    {
        await foreach (var response in on.Client.WatchRunWithDeltasAsync(run, afterSeq, cancellation))
        {
            // A record reads as it does without pieces.
            if (response.Record is { } record)
            {
                on.Print.Line(record, Line(record));
                continue;
            }

            on.Print.Line(response, response switch
            {
                { Delta: { } piece } => $"    ~  {Said(piece.Step, piece.Attempt)}  {Safe.Text(piece.Text, ShownPayloadChars)}",
                { DeltasVoided: { } voided } => $"    ~  {Said(voided.Step, voided.Attempt)}  (void)",
                _ => "",
            });
        }
    }

    private static string Said(int step, int attempt) => string.Create(CultureInfo.InvariantCulture, $"step {step}, attempt {attempt}");

    private static string Line(RunRecord record)
    {
        var time = record.Time.ToDateTimeOffset().ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var payload = record.Erased ? "(erased)" : Safe.Text(record.PayloadJson, ShownPayloadChars);
        return string.Create(CultureInfo.InvariantCulture, $"{record.Seq,5}  {time}  {Safe.Text(record.Type),-19}  {payload}");
    }
}

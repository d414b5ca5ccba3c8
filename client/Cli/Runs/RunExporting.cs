using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;

namespace AgentRuntime.Cli.Runs;

/// <summary><c>run export</c> and <c>run view</c>: a run as a file, and looking at one without a silo.</summary>
internal static class RunExporting
{
    private const int ShownPayloadChars = 160;
    private const int MaxLineChars = 64 * 1024 * 1024;

    public static Command Export(Argument<string> run)
    {
        var to = new Option<string?>("--to") { Description = "The file to write; - is stdout. Default: RUN.jsonl" };
        return Verb.Of(
            "export",
            "Write a run to a file with all that is needed to look at it elsewhere, see 'run view'.",
            async (on, parsed, cancellation) =>
            {
                var name = on.Name("runs", parsed.GetRequiredValue(run));
                var path = parsed.GetValue(to) ?? $"{Connection.IdOf(name)}.jsonl";
                if (path == "-")
                {
                    await foreach (var line in on.Client.ExportRunAsync(name, cancellation)) await Console.Out.WriteLineAsync(line);
                    return;
                }

                var lines = await WriteAsync(on.Client.ExportRunAsync(name, cancellation), path, cancellation);
                on.Print.One(
                    new JsonObject { ["run"] = name, ["file"] = path, ["records"] = lines - 2 },
                    ("run", name),
                    ("file", path),
                    ("records", $"{lines - 2}"),
                    ("look at it", $"agentctl run view {path}"));
            },
            run, to);
    }

    public static Command View()
    {
        var file = new Argument<string>("FILE") { Description = "What 'run export' wrote" };
        return Verb.Local(
            "view",
            "Check an exported run and print its records. Needs no silo. Exit code 8 when it was changed or cut off.",
            async (parsed, cancellation) =>
            {
                var json = GlobalOptions.WantsJson(parsed);
                var path = parsed.GetRequiredValue(file);
                if (!File.Exists(path)) throw new CliException(ExitCode.Usage, $"{path}: is not there.");
                var export = new ExportedRun();
                await foreach (var text in File.ReadLinesAsync(path, cancellation))
                {
                    if (text.Length > MaxLineChars) throw Broken(path, "a line is too long");
                    var (line, fault) = export.Read(text);
                    if (fault is not null) throw Broken(path, fault);
                    if (!json && line.TryGetProperty("seq", out _)) await Console.Out.WriteLineAsync(Line(line));
                }

                if (!export.IsWhole) throw Broken(path, "it is cut off: its last line is missing");
                new Printer(Console.Out, json).One(
                    new JsonObject { ["records"] = export.Records, ["erased"] = export.Erased, ["terminal"] = export.IsTerminal, ["verified"] = true },
                    ("records", $"{export.Records}, of which {export.Erased} erased"),
                    ("chain", "verified: nothing was changed, added or left out"),
                    ("run", export.IsTerminal ? "ended" : "had not ended when it was exported"));
            },
            file);
    }

    /// <summary>Writes lines beside the file and moves it into place, so that a file of this name is whole.</summary>
    private static async Task<int> WriteAsync(IAsyncEnumerable<string> lines, string path, CancellationToken cancellation)
    {
        if (File.Exists(path)) throw new CliException(ExitCode.Usage, $"{path}: is there already. Name another file with --to.");
        var part = path + ".part";
        try
        {
            var count = 0;
            await using (var writer = new StreamWriter(part))
            {
                await foreach (var line in lines.WithCancellation(cancellation))
                {
                    await writer.WriteAsync(line);
                    await writer.WriteAsync('\n');
                    count++;
                }
            }

            File.Move(part, path);
            return count;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static string Line(JsonElement line)
    {
        var payload = line.TryGetProperty("payload", out var recorded) ? Safe.Text(recorded.GetRawText(), ShownPayloadChars) : "(erased)";
        var at = line.GetProperty("time").GetDateTimeOffset().ToLocalTime().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{line.GetProperty("seq").GetInt64(),5}  {at}  {Safe.Text(line.GetProperty("type").GetString() ?? ""),-19}  {payload}");
    }

    private static CliException Broken(string path, string fault) => new(ExitCode.Broken, $"{path}: {fault}. Do not rely on it; export the run again.");
}

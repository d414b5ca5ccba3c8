using System.CommandLine;
using System.Text.Json.Nodes;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;

namespace AgentRuntime.Cli.Runs;

/// <summary><c>run export</c> and <c>run view</c>: a run as a file, and looking at one without a silo.</summary>
internal static class RunExporting
{
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
                    // On a terminal the file's own bytes could say anything to it.
                    var isOnTerminal = !Console.IsOutputRedirected;
                    await foreach (var line in on.Client.ExportRunAsync(name, cancellation)) await Console.Out.WriteLineAsync(isOnTerminal ? Safe.Text(line) : line);
                    return;
                }

                var lines = await WriteAsync(on.Client.ExportRunAsync(name, cancellation), path, on.Print.Form, cancellation);
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
        var headHash = new Option<string?>("--head-hash") { Description = "The header_hash of the run's last record as the silo shows it: then nothing can be left out or made anew" };
        return Verb.Local(
            "view",
            "Check that an exported run is consistent with itself and print its records. Needs no silo. Exit code 8 when it is not.",
            async (parsed, cancellation) =>
            {
                var form = GlobalOptions.FormOf(parsed);
                var timeline = new RunTimeline();
                var path = parsed.GetRequiredValue(file);
                if (!File.Exists(path)) throw new CliException(ExitCode.Usage, $"{path}: is not there.");
                var export = new ExportedRun();
                try
                {
                    await foreach (var text in BoundedLines.ReadAsync(path, MaxLineChars, cancellation))
                    {
                        if (export.Read(text) is { } record && form == OutputForm.Table) await Console.Out.WriteLineAsync(Safe.Text(timeline.Line(record.Seq, record.Time, record.Type, record.Payload, "(not in the file)")));
                    }

                    export.RequireEnd();
                    if (parsed.GetValue(headHash) is { } known && known != export.HeadHash) throw new FormatException("it does not end with the record of --head-hash");
                }
                catch (FormatException fault)
                {
                    throw new CliException(ExitCode.Broken, $"{path}: {fault.Message}. Do not rely on it; export the run again.");
                }

                Show(new Printer(Console.Out, form), export, isAnchored: parsed.GetValue(headHash) is not null);
            },
            file, headHash);
    }

    private static void Show(Printer printer, ExportedRun export, bool isAnchored) => printer.One(
        new JsonObject
        {
            ["run"] = export.Run,
            ["records"] = export.Records,
            ["withoutPayload"] = export.WithoutPayload,
            ["terminal"] = export.IsTerminal,
            ["headHash"] = export.HeadHash,
            ["anchored"] = isAnchored,
        },
        ("run", $"{export.Run}{(export.IsTerminal ? "" : ", had not ended when it was exported")}"),
        ("records", $"{export.Records}, {export.WithoutPayload} of them without payload: erased, or left out of the file"),
        ("chain", isAnchored ? "holds, up to the record of --head-hash" : "holds. Whoever held the file could have made it anew: compare the head hash"),
        ("head hash", export.HeadHash),
        ("not checked", "the definition and contracts of the first line"));

    /// <summary>Writes lines beside the file and moves it into place, so that a file of this name is whole.</summary>
    private static async Task<int> WriteAsync(IAsyncEnumerable<string> lines, string path, OutputForm form, CancellationToken cancellation)
    {
        if (File.Exists(path)) throw new CliException(ExitCode.Usage, $"{path}: is there already. Name another file with --to.");
        var part = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            var count = 0;
            await using var progress = new ProgressLine(form, _ => $"{count} lines");
            await using (var writer = new StreamWriter(OpenPrivate(part)))
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

    /// <summary>A run holds what people wrote, so its file is its owner's.</summary>
    private static FileStream OpenPrivate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}

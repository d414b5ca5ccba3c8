using System.CommandLine;
using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Runs a verb that works on a data folder without serving it.</summary>
internal static class FolderVerb
{
    /// <param name="options">The options that the verb took.</param>
    /// <param name="parsed">Their values.</param>
    /// <param name="work">Gets the path of the data folder, and says what it did.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        SiloOptionSet options, ParseResult parsed, Func<string, Announcement, IProgress<WorkStep>, Task> work)
    {
        try
        {
            var announcement = new Announcement(options.Json(parsed));
            await work(options.Read(parsed).DataFolder, announcement, new StepPrinter(announcement, TimeProvider.System));
            return ExitCode.Ok;
        }
        catch (Exception failure)
        {
            var (code, line) = StartFailure.Describe(failure);
            await Console.Error.WriteLineAsync($"error: {line}");
            return code;
        }
    }
}

using System.CommandLine;
using AgentRuntime.Common;
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
            var silo = options.Read(parsed);
            if (silo.Store != SiloHostOptions.EmbeddedStore)
            {
                throw new AgentRuntimeException(
                    ErrorCode.FailedPrecondition,
                    $"{parsed.CommandResult.Command.Name} works on a data folder, and Silo:Store is {silo.Store}: there the tables are backed up and restored to a point in time by AWS. Leave --store out to mean the folder.");
            }

            await work(silo.DataFolder, announcement, new StepPrinter(announcement, TimeProvider.System));
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

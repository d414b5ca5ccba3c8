using System.Globalization;

namespace AgentRuntime.Image;

/// <summary>The repository as git sees it.</summary>
/// <param name="Root">Its folder.</param>
/// <param name="Revision">The commit, and whether something differs from it.</param>
/// <param name="Epoch">The one time that everything in the image bears: SOURCE_DATE_EPOCH, or the commit's.</param>
internal sealed record Checkout(string Root, string Revision, DateTimeOffset Epoch)
{
    // What the silo is built from; whatever else changes, but this tool and its pins, does not change the image.
    private static readonly string[] Sources =
    [
        "contracts", "grains", "silo", "deploy/samples", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", ".editorconfig", "BannedSymbols.txt", "global.json", "LICENSE",
    ];

    public static async Task<Checkout> OpenAsync(CancellationToken cancellation)
    {
        var root = FindRoot();
        var commit = (await Tool.RunAsync(root, "git", ["rev-parse", "HEAD"], cancellation)).Trim();
        var changed = await Tool.RunAsync(root, "git", ["status", "--porcelain", "--", .. Sources, "deploy/image"], cancellation);
        var given = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH") ?? await Tool.RunAsync(root, "git", ["log", "-1", "--format=%ct"], cancellation);
        return long.TryParse(given.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= int.MaxValue
            ? new Checkout(root, changed.Length == 0 ? commit : $"{commit}-changed", DateTimeOffset.FromUnixTimeSeconds(seconds))
            : throw new ImageException($"SOURCE_DATE_EPOCH '{given.Trim()}' must be seconds since 1970.");
    }

    /// <summary>Copies what the silo is built from, and nothing that a build has left there.</summary>
    public async Task CopyAsync(string target, CancellationToken cancellation)
    {
        var names = await Tool.RunAsync(Root, "git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", .. Sources], cancellation);
        foreach (var name in names.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(name => File.Exists(Path.Combine(Root, name))))
        {
            var copy = Path.Combine(target, name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(Root, name), copy);
        }
    }

    /// <summary>The folder above this program that holds Orleans.sln.</summary>
    public static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) return folder.FullName;
        }

        throw new ImageException($"Orleans.sln lies in no folder above {AppContext.BaseDirectory}. Run deploy/image/build of a checkout.");
    }
}

using System.Text.Json;

namespace AgentRuntime.Image.Publishing;

/// <summary>What <c>AgentRuntime.Silo.deps.json</c> says that the silo consists of.</summary>
/// <param name="Packages">Of NuGet, the runtime's among them.</param>
/// <param name="RuntimeFiles">Names of the files that the runtime consists of.</param>
internal sealed record DependencyFile(IReadOnlyList<NuGetPackage> Packages, IReadOnlySet<string> RuntimeFiles)
{
    private const string RuntimePrefix = "runtimepack.";

    public static DependencyFile Read(string path, IReadOnlyList<string> packageFolders)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        var target = file.RootElement.GetProperty("targets").GetProperty(file.RootElement.GetProperty("runtimeTarget").GetProperty("name").GetString()!);
        var packages = new List<NuGetPackage>();
        var runtime = new HashSet<string>();
        foreach (var library in file.RootElement.GetProperty("libraries").EnumerateObject())
        {
            var (name, version) = (library.Name.Split('/')[0], library.Name.Split('/')[1]);
            var type = library.Value.GetProperty("type").GetString();
            if (type is not ("package" or "runtimepack")) continue;
            packages.Add(NuGetPackage.Find(name.StartsWith(RuntimePrefix, StringComparison.Ordinal) ? name[RuntimePrefix.Length..] : name, version, packageFolders));
            if (type != "runtimepack") continue;
            foreach (var group in target.GetProperty(library.Name).EnumerateObject()) runtime.UnionWith(group.Value.EnumerateObject().Select(each => Path.GetFileName(each.Name)));
        }

        return new DependencyFile([.. packages.OrderBy(package => package.Name, StringComparer.Ordinal)], runtime);
    }

    /// <exception cref="ImageException">A pack of the runtime is not the pinned one.</exception>
    public void RequirePinned(Pins pins)
    {
        foreach (var (name, hash) in Packages.Where(package => package.IsRuntime).Select(package => (package.Name, package.ContentHash)))
        {
            if (pins.RuntimePacks.GetValueOrDefault(name) != hash) throw new ImageException($"{name} {pins.DotnetVersion} has the hash {hash}, and pins.json says {pins.RuntimePacks.GetValueOrDefault(name) ?? "nothing"}. It is not used. Where a newer runtime is wanted, write its version and hashes there.");
        }
    }

    /// <exception cref="ImageException">A package is not in the silo's lock file as it is here.</exception>
    public void RequireLocked(string lockFile)
    {
        using var locked = JsonDocument.Parse(File.ReadAllText(lockFile));
        var known = locked.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(framework => framework.Value.EnumerateObject())
            .Where(package => package.Value.TryGetProperty("contentHash", out _))
            .Select(package => (package.Name, package.Value.GetProperty("resolved").GetString()!, package.Value.GetProperty("contentHash").GetString()!)).ToHashSet();
        var unknown = Packages.Where(package => !package.IsRuntime && !known.Contains((package.Name, package.Version, package.ContentHash))).Select(package => $"{package.Name} {package.Version}").ToList();
        if (unknown.Count > 0) throw new ImageException($"silo/packages.lock.json does not know {string.Join(", ", unknown)} with these hashes. Restore the silo, look at the difference and commit it.");
    }
}

using System.Text.Json;
using System.Xml.Linq;

namespace AgentRuntime.Image.Publishing;

/// <summary>A package of NuGet as it lies in the machine's folder.</summary>
/// <param name="Name">Its id.</param>
/// <param name="Version">As it was resolved.</param>
/// <param name="ContentHash">SHA-512 in Base64, by which lock files know it.</param>
/// <param name="License">An expression of SPDX; null where the package has a file or an address.</param>
/// <param name="Authors">Who made it.</param>
internal sealed record NuGetPackage(string Name, string Version, string ContentHash, string? License, string Authors)
{
    public bool IsRuntime => Name.Contains(".App.Runtime.linux-", StringComparison.Ordinal);

    public static NuGetPackage Find(string name, string version, IReadOnlyList<string> folders)
    {
#pragma warning disable CA1308 // NuGet's folders are in lower case.
        var place = Path.Combine(name.ToLowerInvariant(), version.ToLowerInvariant());
#pragma warning restore CA1308
        var folder = folders.Select(each => Path.Combine(each, place)).FirstOrDefault(Directory.Exists) ?? throw new ImageException($"{name} {version} lies in no folder of NuGet: {string.Join(", ", folders)}.");
        using var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, ".nupkg.metadata")));
        var about = XDocument.Load(Directory.EnumerateFiles(folder, "*.nuspec").Single()).Root!.Elements().First(element => element.Name.LocalName == "metadata");
        var license = about.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
        return new NuGetPackage(
            name,
            version,
            metadata.RootElement.GetProperty("contentHash").GetString()!,
            license?.Attribute("type")?.Value == "expression" ? license.Value.Trim() : null,
            about.Elements().FirstOrDefault(element => element.Name.LocalName == "authors")?.Value.Trim() ?? "");
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentRuntime.Image;

/// <summary>What goes into the image and is in no lock file of NuGet, by version and hash: <c>pins.json</c>.</summary>
/// <param name="DotnetVersion">Of the runtime of .NET.</param>
/// <param name="RuntimePacks">The runtime as packages, by the hashes that NuGet knows them by.</param>
/// <param name="Debian">By architecture.</param>
internal sealed record Pins(string DotnetVersion, IReadOnlyDictionary<string, string> RuntimePacks, IReadOnlyDictionary<string, IReadOnlyList<DebianPin>> Debian)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string FileOf(string root) => Path.Combine(root, "deploy", "image", "pins.json");

    public static Pins Read(string root) => JsonSerializer.Deserialize<Pins>(File.ReadAllText(FileOf(root)), Format)!;

    public void Write(string root) => File.WriteAllText(FileOf(root), JsonSerializer.Serialize(this, Format) + "\n");
}

/// <summary>A package of Debian.</summary>
internal sealed record DebianPin(string Name, string Version, string Sha256);

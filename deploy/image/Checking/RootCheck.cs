using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Image.Debian;

namespace AgentRuntime.Image.Checking;

/// <summary>Looks at the layers of an image, and remembers what later checks ask for.</summary>
internal sealed class RootCheck(Findings findings, DateTimeOffset created)
{
    private const UnixFileMode Never = UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.OtherWrite;
    private static readonly string[] Libraries = [".dll", ".so"];
    private static readonly string[] KeyFiles = [".pfx", ".p12", ".key", ".env", ".nupkg"];

    /// <summary>Files that anybody may execute.</summary>
    public HashSet<string> Programs { get; } = [];

    /// <summary>Who owns which folder.</summary>
    public Dictionary<string, int> Folders { get; } = [];

    /// <summary>The text of the files that say what is there.</summary>
    public Dictionary<string, string> Texts { get; } = [];

    public void Add(string layer, string diff)
    {
        using (var file = File.OpenRead(layer))
        using (var plain = new GZipStream(file, CompressionMode.Decompress))
        {
            var hash = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(plain))}";
            findings.Require(hash == diff, $"Layer {Path.GetFileName(layer)} has the hash {hash} when it is unpacked, not {diff}.");
        }

        using var again = File.OpenRead(layer);
        using var tar = new TarReader(new GZipStream(again, CompressionMode.Decompress));
        var last = "";
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            var path = entry.Name.TrimEnd('/');
            findings.Require(string.CompareOrdinal(last, path) < 0, $"'/{path}' comes after '/{last}': the layer is not sorted.");
            last = path;
            Look(entry, path);
        }
    }

    private void Look(TarEntry entry, string path)
    {
        findings.Files++;
        findings.Require(path.Length > 0 && path[0] != '/' && !path.Split('/').Contains(".."), $"'{path}' leads out of the root.");
        findings.Require(entry.EntryType is TarEntryType.RegularFile or TarEntryType.Directory or TarEntryType.SymbolicLink, $"'/{path}' is a {entry.EntryType}.");
        findings.Require(entry.EntryType == TarEntryType.SymbolicLink || (entry.Mode & Never) == 0, $"'/{path}' has mode {Convert.ToString((int)entry.Mode, 8)}: setuid, setgid or writable by all.");
        findings.Require(entry.Uid == entry.Gid && entry.Uid is 0 or DebianRoot.User, $"'/{path}' belongs to {entry.Uid}:{entry.Gid}.");
        findings.Require(entry.Uid == 0 || entry.EntryType == TarEntryType.Directory, $"The file '/{path}' belongs to the user that the silo runs as.");
        findings.Require(entry.ModificationTime == created, $"'/{path}' is of {entry.ModificationTime:u}, and the image of {created:u}.");
        if (entry.EntryType == TarEntryType.Directory) Folders[path] = entry.Uid;
        if (entry.EntryType == TarEntryType.RegularFile) LookInside(entry, path);
    }

    private void LookInside(TarEntry entry, string path)
    {
        if ((entry.Mode & UnixFileMode.OtherExecute) != 0) Programs.Add(path);
        findings.Require(!KeyFiles.Contains(Path.GetExtension(path)) && !path.Contains("/keys/", StringComparison.Ordinal), $"'/{path}' looks like a secret.");
        if (entry.DataStream is not { } data || Libraries.Any(end => path.EndsWith(end, StringComparison.Ordinal) || path.Contains($"{end}.", StringComparison.Ordinal))) return;
        using var reader = new StreamReader(data, Encoding.Latin1);
        var text = reader.ReadToEnd();
        // Programs know the words.
        findings.Require(text.StartsWith("\u007fELF", StringComparison.Ordinal) || !(text.Contains("PRIVATE KEY-----", StringComparison.Ordinal) || text.Contains("aws_secret_access_key", StringComparison.OrdinalIgnoreCase)), $"'/{path}' holds a key.");
        if (path.EndsWith(".deps.json", StringComparison.Ordinal) || path.StartsWith("var/lib/dpkg/status.d/", StringComparison.Ordinal)) Texts[path] = text;
    }
}

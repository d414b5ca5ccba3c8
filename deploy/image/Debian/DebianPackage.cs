using System.Formats.Tar;
using System.Text;
using AgentRuntime.Image.Layers;

namespace AgentRuntime.Image.Debian;

/// <summary>A package of Debian, unpacked in memory.</summary>
/// <param name="Control">Its control file.</param>
/// <param name="Fields">The fields of that.</param>
/// <param name="Sha256">Of the package.</param>
/// <param name="Files">What it installs, with its scripts not run.</param>
internal sealed record DebianPackage(string Control, IReadOnlyDictionary<string, string> Fields, string Sha256, IReadOnlyList<RootEntry> Files)
{
    public string Name => Fields["Package"];

    public string Version => Fields["Version"];

    /// <summary>The text that says who may do what with it; null where it lies in the package of another name.</summary>
    public string? Copyright => Files.FirstOrDefault(file => file.Path == $"usr/share/doc/{Name}/copyright") is { Content: { } content } ? Encoding.UTF8.GetString(content()) : null;

    public static async Task<DebianPackage> ReadAsync(string file, CancellationToken cancellation)
    {
        var control = await Tool.RunAsync("/", "dpkg-deb", ["--field", file], cancellation);
        var entries = new List<RootEntry>();
        await Tool.ReadAsync("/", "dpkg-deb", ["--fsys-tarfile", file], async tar =>
        {
            await using var reader = new TarReader(tar);
            while (await reader.GetNextEntryAsync(copyData: true, cancellation) is { } entry)
            {
                if (Read(entry, file) is { } read) entries.Add(read);
            }

            // A reader stops at the end of the archive, and the program fails when nobody takes what fills its last block.
            await tar.CopyToAsync(Stream.Null, cancellation);
        }, cancellation);
        return new DebianPackage(control, ControlFields.Parse(control), Path.GetFileNameWithoutExtension(file), entries);
    }

    // Folders are made anew for what is kept.
    private static RootEntry? Read(TarEntry entry, string file)
    {
        var path = entry.Name.TrimStart('.').Trim('/');
        return entry.EntryType switch
        {
            TarEntryType.RegularFile or TarEntryType.V7RegularFile => RootEntry.File(path, Bytes(entry), (entry.Mode & UnixFileMode.UserExecute) != 0),
            TarEntryType.HardLink => throw new ImageException($"'{path}' of {Path.GetFileName(file)} is a hard link, and a layer is written without them. Teach DebianPackage to copy what it points to."),
            TarEntryType.SymbolicLink => RootEntry.Link(path, entry.LinkName),
            _ => null,
        };
    }

    private static byte[] Bytes(TarEntry entry)
    {
        if (entry.DataStream is null) return [];
        using var copy = new MemoryStream();
        entry.DataStream.CopyTo(copy);
        return copy.ToArray();
    }
}

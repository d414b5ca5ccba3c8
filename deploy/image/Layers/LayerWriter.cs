using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace AgentRuntime.Image.Layers;

/// <summary>
/// Writes entries as a layer whose bytes depend on nothing but them: sorted by path, one time, no names of users, ustar. (The other formats of System.Formats.Tar write the number of
/// the process into extended headers.)
/// </summary>
internal static class LayerWriter
{
    /// <summary>Writes the layer, compressed, and returns the hash of it uncompressed, which a configuration lists.</summary>
    public static string Write(Stream target, IEnumerable<RootEntry> entries, DateTimeOffset time)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var compressed = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
        using (var hashed = new HashingStream(compressed, hash))
        using (var tar = new TarWriter(hashed, TarEntryFormat.Ustar))
        {
            foreach (var entry in WithFolders(entries)) tar.WriteEntry(Form(entry, time));
        }

        return $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    // Each folder before what is in it.
    private static SortedDictionary<string, RootEntry>.ValueCollection WithFolders(IEnumerable<RootEntry> entries)
    {
        var all = new SortedDictionary<string, RootEntry>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!all.TryAdd(entry.Path, entry)) throw new ImageException($"'/{entry.Path}' is in a layer twice.");
        }

        foreach (var path in all.Keys.ToList())
        {
            for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1)) all.TryAdd(path[..slash], RootEntry.Folder(path[..slash], 0));
        }

        return all.Values;
    }

    private static UstarTarEntry Form(RootEntry entry, DateTimeOffset time)
    {
        var type = entry.Target is not null ? TarEntryType.SymbolicLink : entry.Content is not null ? TarEntryType.RegularFile : TarEntryType.Directory;
        var form = new UstarTarEntry(type, type == TarEntryType.Directory ? $"{entry.Path}/" : entry.Path) { Mode = entry.Mode, Uid = entry.Owner, Gid = entry.Owner, ModificationTime = time };
        if (entry.Target is not null) form.LinkName = entry.Target;
        if (entry.Content is not null) form.DataStream = new MemoryStream(entry.Content(), writable: false);
        return form;
    }
}

using System.Text;
using AgentRuntime.Image.Layers;

namespace AgentRuntime.Image.Debian;

/// <summary>The lowest layer: what a program of .NET needs of Debian, and no shell, no package manager, nothing that can be run but the loader.</summary>
internal static class DebianRoot
{
    public const int User = 65532;
    private const string Issuers = "usr/share/ca-certificates/";

    public static IReadOnlyList<RootEntry> Make(IReadOnlyList<DebianPackage> packages, Platform platform)
    {
        var files = packages.SelectMany(package => package.Files).Select(Merged).ToList();
        return
        [
            .. files.Where(file => IsKept(file.Path, platform)),
            .. packages.Select(package => RootEntry.File($"var/lib/dpkg/status.d/{package.Name}", Encoding.UTF8.GetBytes(package.Control))),
            .. Links(platform),
            .. Accounts(),
            RootEntry.File("etc/ssl/certs/ca-certificates.crt", Bundle(files)),
            // Where Debian's OpenSSL looks when no variable says otherwise.
            RootEntry.Link("usr/lib/ssl/cert.pem", "/etc/ssl/certs/ca-certificates.crt"),
            RootEntry.Link("usr/lib/ssl/certs", "/etc/ssl/certs"),
            RootEntry.Link("etc/os-release", "../usr/lib/os-release"),
            // Mounts of a container engine; the user's own are the only ones that a silo writes to.
            RootEntry.Folder("proc", 0), RootEntry.Folder("sys", 0), RootEntry.Folder("dev", 0),
            RootEntry.Folder("tmp", User, OwnerOnly), RootEntry.Folder("data", User, OwnerOnly),
        ];
    }

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static bool IsKept(string path, Platform platform)
    {
        var libraries = $"usr/lib/{platform.Triplet}/";
        if (path.StartsWith(libraries, StringComparison.Ordinal)) return !path[libraries.Length..].StartsWith("gconv/", StringComparison.Ordinal);
        if (path.StartsWith("usr/share/zoneinfo/", StringComparison.Ordinal)) return !path.StartsWith("usr/share/zoneinfo/right/", StringComparison.Ordinal);
        if (path.StartsWith("usr/share/doc/", StringComparison.Ordinal)) return path.EndsWith("/copyright", StringComparison.Ordinal) || path.Count(letter => letter == '/') == 3;
        return path.StartsWith("usr/lib64/", StringComparison.Ordinal)
            || path.StartsWith("usr/lib/ld-linux", StringComparison.Ordinal)
            || path.StartsWith("usr/share/common-licenses/", StringComparison.Ordinal)
            || path is "usr/lib/os-release" or "etc/debian_version";
    }

    // Debian 12 has /lib as a link to /usr/lib; its packages still speak of the old place.
    private static RootEntry Merged(RootEntry entry)
    {
        foreach (var old in new[] { "lib/", "lib64/" })
        {
            if (entry.Path.StartsWith(old, StringComparison.Ordinal)) return entry with { Path = $"usr/{entry.Path}" };
        }

        return entry;
    }

    private static IEnumerable<RootEntry> Links(Platform platform)
    {
        yield return RootEntry.Link("lib", "usr/lib");
        if (platform.Architecture == "amd64") yield return RootEntry.Link("lib64", "usr/lib64");
    }

    private static IEnumerable<RootEntry> Accounts()
    {
        yield return RootEntry.Text("etc/passwd", $"root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:{User}:{User}:nonroot:/data:/sbin/nologin\n");
        yield return RootEntry.Text("etc/group", $"root:x:0:\nnonroot:x:{User}:\n");
        yield return RootEntry.Text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
    }

    // What update-ca-certificates does on an installed system.
    private static byte[] Bundle(IEnumerable<RootEntry> files)
    {
        var bundle = new StringBuilder();
        foreach (var file in files.Where(file => file.Path.StartsWith(Issuers, StringComparison.Ordinal) && file.Content is not null).OrderBy(file => file.Path, StringComparer.Ordinal))
            bundle.Append(Encoding.ASCII.GetString(file.Content!()).TrimEnd()).Append('\n');
        return Encoding.ASCII.GetBytes(bundle.ToString());
    }
}

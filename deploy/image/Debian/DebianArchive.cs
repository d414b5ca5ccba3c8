using System.Security.Cryptography;

namespace AgentRuntime.Image.Debian;

/// <summary>
/// Debian's packages, by apt-get with the machine's own sources and keys, but with lists of its own: neither root nor another architecture is needed. What was taken once is
/// kept under its hash.
/// </summary>
internal sealed class DebianArchive(string architecture)
{
    /// <summary>What the runtime of .NET links to, and what lies beside it: names of issuers that are trusted, times of the world, licences.</summary>
    private static readonly string[] Packages = ["base-files", "ca-certificates", "gcc-12-base", "libc6", "libgcc-s1", "libssl3", "libstdc++6", "tzdata"];

    private static readonly string Cache = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given ? given : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "agent-runtime-image");

    private readonly string _state = Path.Combine(Cache, "apt", architecture);

    /// <summary>The packages as files, each with the pinned hash.</summary>
    public async Task<IReadOnlyList<string>> TakeAsync(IReadOnlyList<DebianPin> pins, CancellationToken cancellation)
    {
        var missing = pins.Where(pin => !File.Exists(FileOf(pin))).ToList();
        if (missing.Count > 0)
        {
            await UpdateAsync(cancellation);
            foreach (var pin in missing) await DownloadAsync(pin, cancellation);
        }

        foreach (var pin in pins)
        {
            if (await HashAsync(FileOf(pin), cancellation) != pin.Sha256) throw new ImageException($"'{FileOf(pin)}' is not what its name says. Delete it.");
        }

        return [.. pins.Select(FileOf)];
    }

    /// <summary>The newest versions that the machine's sources have.</summary>
    public async Task<IReadOnlyList<DebianPin>> NewestAsync(CancellationToken cancellation)
    {
        await UpdateAsync(cancellation);
        var found = new List<DebianPin>();
        foreach (var name in Packages)
        {
            var fields = ControlFields.Parse(await Tool.RunAsync(_state, "apt-cache", [.. Options(), "show", "--no-all-versions", name], cancellation));
            if (name == "base-files" && !fields["Version"].StartsWith("12.", StringComparison.Ordinal)) throw new ImageException($"The sources of apt on this machine have base-files {fields["Version"]}, which is not Debian 12's. Pin on Debian 12.");
            found.Add(new DebianPin(name, fields["Version"], fields["SHA256"]));
        }

        return found;
    }

    private async Task UpdateAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.Combine(_state, "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(_state, "archives", "partial"));
        // A list that could not be had is a failure of the network, and no news of a package.
        await Tool.RunAsync(_state, "apt-get", [.. Options(), "-o", "APT::Update::Error-Mode=any", "update"], cancellation);
    }

    private async Task DownloadAsync(DebianPin pin, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("agentrt-deb-").FullName;
        try
        {
            try
            {
                await Tool.RunAsync(folder, "apt-get", [.. Options(), "download", $"{pin.Name}={pin.Version}"], cancellation);
            }
            catch (ImageException failure) when (failure.Message.Contains("was not found", StringComparison.Ordinal))
            {
                throw new ImageException($"{pin.Name} {pin.Version} of {architecture} is not to be had; Debian has replaced it by a newer version, probably. deploy/image/build pin takes that. {failure.Message}");
            }

            var file = Directory.EnumerateFiles(folder, "*.deb").Single();
            var hash = await HashAsync(file, cancellation);
            if (hash != pin.Sha256) throw new ImageException($"{pin.Name} {pin.Version} of {architecture} has SHA-256 {hash}, and pins.json says {pin.Sha256}. It is not used.");
            Directory.CreateDirectory(Path.GetDirectoryName(FileOf(pin))!);
            var beside = $"{FileOf(pin)}.{Environment.ProcessId}";
            File.Copy(file, beside, overwrite: true);
            File.Move(beside, FileOf(pin), overwrite: true);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string FileOf(DebianPin pin) => Path.Combine(Cache, "debs", $"{pin.Sha256}.deb");

    private static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation));
    }

    private string[] Options() =>
    [
        "-qq", "-o", $"Dir::State::Lists={Path.Combine(_state, "lists")}", "-o", $"Dir::Cache={_state}", "-o", "Dir::State::status=/dev/null", "-o", "Acquire::Languages=none",
        "-o", $"APT::Architecture={architecture}", "-o", $"APT::Architectures={architecture}", "-o", "APT::Sandbox::User=",
    ];
}

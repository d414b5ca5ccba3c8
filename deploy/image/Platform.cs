namespace AgentRuntime.Image;

/// <summary>What a manifest is for, by the names that OCI, .NET and Debian have for it.</summary>
/// <param name="Architecture">As OCI and Debian call it; they agree on these.</param>
/// <param name="Rid">As .NET calls it.</param>
/// <param name="Triplet">The folder of Debian's libraries.</param>
internal sealed record Platform(string Architecture, string Rid, string Triplet)
{
    private static readonly Platform[] Known = [new("amd64", "linux-x64", "x86_64-linux-gnu"), new("arm64", "linux-arm64", "aarch64-linux-gnu")];

    public static IReadOnlyList<Platform> All => Known;

    /// <summary>Reads <c>linux/amd64,linux/arm64</c>; in the order that <see cref="All"/> has, whatever was written.</summary>
    public static IReadOnlyList<Platform> Parse(string text)
    {
        var wanted = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var unknown = wanted.Except(Known.Select(platform => platform.ToString())).ToList();
        if (unknown.Count > 0 || wanted.Count == 0) throw new ImageException($"--platform '{string.Join(',', unknown)}' is not known. Name one or more of {string.Join(", ", Known.Select(platform => platform.ToString()))}.");
        return [.. Known.Where(platform => wanted.Contains(platform.ToString()))];
    }

    public override string ToString() => $"linux/{Architecture}";
}

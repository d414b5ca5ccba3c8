using System.Text.RegularExpressions;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>Hosts of STS, each with the region for which requests to it are signed.</summary>
internal static partial class StsHosts
{
    private const string Global = "sts.amazonaws.com";

    // As AWS says it of the host that has no region.
    private const string GlobalRegion = "us-east-1";

    private const string China = "cn-";

    // Partitions with names and hosts of their own (sovereign and secret regions), none of whose roles can be named here either.
    private static readonly string[] Apart = ["eusc-", "us-iso-", "us-isob-", "us-isof-", "eu-isoe-"];

    /// <summary>Those that may be asked, each once.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(StsOptions options) => options.Regions
        .Select(region => KeyValuePair.Create($"sts.{region}.{(region.StartsWith(China, StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com")}", region))
        .Concat(options.Hosts.Select(host => KeyValuePair.Create(host, RegionOf(host)!)))
        .Prepend(KeyValuePair.Create(Global, GlobalRegion))
        .DistinctBy(each => each.Key, StringComparer.Ordinal);

    /// <summary>Whether it is the name of a region whose host is known.</summary>
    public static bool IsRegion(string text) => Region().IsMatch(text) && !Array.Exists(Apart, prefix => text.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The region in the name of a host; null when it is none of AWS's.</summary>
    public static string? RegionOf(string host) => Host().Match(host) is { Success: true } match ? match.Groups["region"].Value : null;

    [GeneratedRegex(@"^[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Region();

    [GeneratedRegex(@"^sts(-fips)?\.(?<region>[a-z]{2,4}(-[a-z]{2,12}){1,3}-[0-9]{1,2})\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Host();
}

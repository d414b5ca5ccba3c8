using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentRuntime.Image.Debian;
using AgentRuntime.Image.Layout;
using AgentRuntime.Image.Publishing;

namespace AgentRuntime.Image.Sbom;

/// <summary>
/// Says what an image consists of, as SPDX 2.3 in JSON: the silo, its packages of NuGet with their licences and the hashes of the lock files, the runtime of .NET, and Debian's
/// packages with their texts of copyright, which name licences in words of their own.
/// </summary>
internal static partial class SpdxDocument
{
    private const string Silo = "SPDXRef-silo";

    public static JsonObject Make(Platform platform, string version, Checkout checkout, IReadOnlyList<NuGetPackage> nuget, IReadOnlyList<DebianPackage> debian)
    {
        var packages = new JsonArray(OfSilo(version, checkout));
        foreach (var package in nuget) packages.Add(Of(package));
        foreach (var package in debian) packages.Add(Of(package, debian));
        var relations = new JsonArray(Relation("SPDXRef-DOCUMENT", "DESCRIBES", Silo));
        foreach (var package in packages.Skip(1)) relations.Add(Relation(Silo, "CONTAINS", (string)package!["SPDXID"]!));
        var texts = new JsonArray([.. debian.Where(package => package.Copyright is not null).Select(package => new JsonObject { ["licenseId"] = LicenseOf(package.Name), ["name"] = $"copyright of {package.Name}", ["extractedText"] = package.Copyright })]);
        var content = Convert.ToHexStringLower(SHA256.HashData(BlobStore.Bytes(packages)));
        return new JsonObject
        {
            ["spdxVersion"] = "SPDX-2.3",
            ["dataLicense"] = "CC0-1.0",
            ["SPDXID"] = "SPDXRef-DOCUMENT",
            ["name"] = $"agent-runtime-silo {version} {platform}",
            ["documentNamespace"] = $"https://agentruntime.invalid/spdx/{content}",
            ["creationInfo"] = new JsonObject { ["created"] = checkout.Epoch.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), ["creators"] = new JsonArray("Tool: agent-runtime-image") },
            ["packages"] = packages,
            ["hasExtractedLicensingInfos"] = texts,
            ["relationships"] = relations,
        };
    }

    private static JsonObject OfSilo(string version, Checkout checkout) => Package(Silo, "agent-runtime-silo", version, "MIT", "Organization: The Orleans agent runtime authors", $"pkg:generic/agent-runtime-silo@{version}?revision={checkout.Revision}", null);

    private static JsonObject Of(NuGetPackage package) => Package(
        $"SPDXRef-nuget-{Id(package.Name)}-{Id(package.Version)}", package.Name, package.Version, package.License ?? "NOASSERTION", package.Authors.Length == 0 ? "NOASSERTION" : $"Organization: {package.Authors}",
        $"pkg:nuget/{package.Name}@{package.Version}", ("SHA512", Convert.ToHexStringLower(Convert.FromBase64String(package.ContentHash))));

    // Where two packages share a folder of documents, the other one has the text.
    private static JsonObject Of(DebianPackage package, IReadOnlyList<DebianPackage> all)
    {
        var text = package.Copyright is not null ? package.Name : package.Files.FirstOrDefault(file => file.Path == $"usr/share/doc/{package.Name}")?.Target;
        var license = all.Any(other => other.Name == text && other.Copyright is not null) ? LicenseOf(text!) : "NOASSERTION";
        return Package(
            $"SPDXRef-deb-{Id(package.Name)}", package.Name, package.Version, license, $"Organization: {package.Fields["Maintainer"]}",
            $"pkg:deb/debian/{package.Name.Replace("+", "%2B", StringComparison.Ordinal)}@{Uri.EscapeDataString(package.Version)}?arch={package.Fields["Architecture"]}&distro=debian-12", ("SHA256", package.Sha256));
    }

    private static JsonObject Package(string id, string name, string version, string license, string supplier, string url, (string Algorithm, string Value)? checksum)
    {
        var package = new JsonObject
        {
            ["SPDXID"] = id, ["name"] = name, ["versionInfo"] = version, ["supplier"] = supplier, ["downloadLocation"] = "NOASSERTION", ["filesAnalyzed"] = false,
            ["licenseConcluded"] = "NOASSERTION", ["licenseDeclared"] = license, ["copyrightText"] = "NOASSERTION",
            ["externalRefs"] = new JsonArray(new JsonObject { ["referenceCategory"] = "PACKAGE-MANAGER", ["referenceType"] = "purl", ["referenceLocator"] = url }),
        };
        if (checksum is var (algorithm, value)) package["checksums"] = new JsonArray(new JsonObject { ["algorithm"] = algorithm, ["checksumValue"] = value });
        return package;
    }

    private static JsonObject Relation(string from, string kind, string to) => new() { ["spdxElementId"] = from, ["relationshipType"] = kind, ["relatedSpdxElement"] = to };

    private static string LicenseOf(string package) => $"LicenseRef-debian-{Id(package)}";

    private static string Id(string name) => NotInIds().Replace(name, "-");

    [GeneratedRegex("[^A-Za-z0-9.-]")]
    private static partial Regex NotInIds();
}

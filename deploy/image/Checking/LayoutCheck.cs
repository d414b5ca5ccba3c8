using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AgentRuntime.Image.Layout;

namespace AgentRuntime.Image.Checking;

/// <summary>Reads a layout as somebody who did not write it: every descriptor is followed, hashed and compared, nothing lies beside, and what runs is looked at.</summary>
internal sealed class LayoutCheck(string folder)
{
    private const int MaxDocumentBytes = 4 << 20;

    private readonly Findings _findings = new();
    private readonly HashSet<string> _reached = [];
    private readonly Dictionary<string, JsonNode> _documents = [];

    /// <exception cref="ImageException">Something is missing or changed without which nothing more can be said; the message holds what was found until then.</exception>
    public Findings Run()
    {
        if (!File.Exists(Path.Combine(folder, "oci-layout")) || !File.Exists(Path.Combine(folder, "index.json"))) throw new ImageException($"'{folder}' is no OCI image layout: it has no oci-layout, or no index.json.");
        var layout = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "oci-layout")))!;
        _findings.Require((string?)layout["imageLayoutVersion"] == "1.0.0", "oci-layout does not say imageLayoutVersion 1.0.0.");
        var index = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "index.json")))!;
        RequireForm(index, MediaTypes.Index, "index.json");
        var entries = index["manifests"]!.AsArray();
        foreach (var referrer in entries.Where(entry => entry!["artifactType"] is not null)) VisitDocument(referrer!);
        foreach (var image in entries.Where(entry => entry!["artifactType"] is null))
        {
            _findings.Require((string?)image!["annotations"]?["org.opencontainers.image.ref.name"] is { Length: > 0 }, "The image in index.json has no name.");
            foreach (var manifest in Json(image, MediaTypes.Index)["manifests"]!.AsArray()) VisitImage(manifest!);
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)))
        {
            _findings.Require(file is "oci-layout" or "index.json" || (file.StartsWith("blobs/sha256/", StringComparison.Ordinal) && _reached.Contains($"sha256:{Path.GetFileName(file)}")), $"Nothing refers to '{file}'.");
        }

        return _findings;
    }

    // What is in an image, under the digest of its manifest.
    private void VisitDocument(JsonNode entry)
    {
        var artifact = Json(entry, MediaTypes.Manifest);
        _findings.Require((string?)artifact["artifactType"] == MediaTypes.Spdx, $"The artifact {entry["digest"]} is no SPDX.");
        Json(artifact["config"]!, MediaTypes.Empty);
        _documents[(string)artifact["subject"]!["digest"]!] = Json(artifact["layers"]!.AsArray().Single()!, MediaTypes.Spdx);
    }

    private void VisitImage(JsonNode entry)
    {
        var manifest = Json(entry, MediaTypes.Manifest);
        var config = Json(manifest["config"]!, MediaTypes.Config);
        var platform = entry["platform"]!;
        _findings.Require((string?)config["architecture"] == (string?)platform["architecture"] && (string?)config["os"] == (string?)platform["os"], $"Index and configuration of {entry["digest"]} disagree on the platform.");
        var diffs = config["rootfs"]!["diff_ids"]!.AsArray();
        var layers = manifest["layers"]!.AsArray();
        _findings.Require(diffs.Count == layers.Count, $"{entry["digest"]} has {layers.Count} layers and {diffs.Count} hashes of them.");
        var root = new RootCheck(_findings, DateTimeOffset.Parse((string)config["created"]!, System.Globalization.CultureInfo.InvariantCulture));
        foreach (var (layer, diff) in layers.Zip(diffs))
        {
            if (Blob(layer!, MediaTypes.Layer) is { } path) root.Add(path, (string)diff!);
        }

        ConfigCheck.Run(config["config"]!, root, _findings);
        if (_documents.GetValueOrDefault((string)entry["digest"]!) is { } document) SbomCheck.Run(document, root, _findings);
        else _findings.Faults.Add($"No document refers to {entry["digest"]}.");
    }

    private JsonNode Json(JsonNode descriptor, string mediaType)
    {
        var path = Blob(descriptor, mediaType) ?? throw new ImageException(string.Join('\n', _findings.Faults));
        if (new FileInfo(path).Length > MaxDocumentBytes) throw new ImageException($"'{path}' is longer than {MaxDocumentBytes} bytes.");
        var json = JsonNode.Parse(File.ReadAllBytes(path))!;
        if (mediaType is MediaTypes.Index or MediaTypes.Manifest) RequireForm(json, mediaType, path);
        return json;
    }

    // Null where what lies there is not what is meant: nobody should unpack it.
    private string? Blob(JsonNode node, string mediaType)
    {
        var descriptor = Descriptor.Of(node);
        _findings.Require(descriptor.MediaType == mediaType, $"{descriptor.Digest} is {descriptor.MediaType}, not {mediaType}.");
        var path = Path.Combine(folder, "blobs", "sha256", Path.GetFileName(descriptor.Digest.Replace("sha256:", "", StringComparison.Ordinal)));
        if (!File.Exists(path))
        {
            _findings.Faults.Add($"{descriptor.Digest} is missing.");
            return null;
        }

        using var file = File.OpenRead(path);
        _findings.Require(file.Length == descriptor.Size, $"{descriptor.Digest} has {file.Length} bytes, not {descriptor.Size}.");
        var hash = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(file))}";
        _findings.Require(hash == descriptor.Digest, $"{descriptor.Digest} has the hash {hash}.");
        if (_reached.Add(descriptor.Digest)) (_findings.Blobs, _findings.Bytes) = (_findings.Blobs + 1, _findings.Bytes + file.Length);
        return hash == descriptor.Digest ? path : null;
    }

    private void RequireForm(JsonNode json, string mediaType, string where) =>
        _findings.Require((int?)json["schemaVersion"] == 2 && (string?)json["mediaType"] == mediaType, $"{where} is no {mediaType} of schema version 2.");
}

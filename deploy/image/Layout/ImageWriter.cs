using System.Globalization;
using System.Text.Json.Nodes;
using AgentRuntime.Image.Debian;
using AgentRuntime.Image.Layers;

namespace AgentRuntime.Image.Layout;

/// <summary>Writes an image layout: for each platform a manifest and a document that says what is in it and refers to that manifest; one index of the platforms, which a tag names.</summary>
internal sealed class ImageWriter(string folder, string version, Checkout checkout)
{
    private static readonly string[] Ports = ["5101/tcp", "5201/tcp", "11111/tcp"];

    private readonly BlobStore _blobs = new(folder);
    private readonly JsonArray _platforms = [];
    private readonly JsonArray _documents = [];

    private string Time => checkout.Epoch.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>Adds what runs on one platform. The layers, lowest first, each with what it is.</summary>
    public Descriptor Add(Platform platform, IReadOnlyList<(string What, IReadOnlyList<RootEntry> Entries)> layers, JsonObject document)
    {
        JsonArray diffs = [], history = [], descriptors = [];
        foreach (var (what, entries) in layers)
        {
            var diff = "";
            descriptors.Add(_blobs.Add(MediaTypes.Layer, target => diff = LayerWriter.Write(target, entries, checkout.Epoch)).ToJson());
            diffs.Add(diff);
            history.Add(new JsonObject { ["created"] = Time, ["created_by"] = what });
        }

        var config = _blobs.Add(MediaTypes.Config, Config(platform, diffs, history));
        var manifest = _blobs.Add(MediaTypes.Manifest, new JsonObject
        {
            ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.Manifest, ["config"] = config.ToJson(), ["layers"] = descriptors, ["annotations"] = Labels(),
        });
        var listed = manifest.ToJson();
        listed["platform"] = new JsonObject { ["architecture"] = platform.Architecture, ["os"] = "linux" };
        _platforms.Add(listed);
        AddDocument(manifest, document);
        return manifest;
    }

    /// <summary>Writes what names all that was added.</summary>
    public Descriptor Finish()
    {
        var index = _blobs.Add(MediaTypes.Index, new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.Index, ["manifests"] = _platforms, ["annotations"] = Labels() });
        var named = index.ToJson();
        named["annotations"] = new JsonObject { ["org.opencontainers.image.ref.name"] = version };
        _documents.Insert(0, named);
        File.WriteAllBytes(Path.Combine(folder, "index.json"), BlobStore.Bytes(new JsonObject { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.Index, ["manifests"] = _documents }));
        File.WriteAllBytes(Path.Combine(folder, "oci-layout"), BlobStore.Bytes(new JsonObject { ["imageLayoutVersion"] = "1.0.0" }));
        return index;
    }

    // An artifact that refers to the manifest, as OCI 1.1 has it: registries list it as a referrer.
    private void AddDocument(Descriptor manifest, JsonObject document)
    {
        var empty = _blobs.Add(MediaTypes.Empty, new JsonObject()).ToJson();
        var annotations = new JsonObject { ["org.opencontainers.image.created"] = Time };
        var artifact = _blobs.Add(MediaTypes.Manifest, new JsonObject
        {
            ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.Manifest, ["artifactType"] = MediaTypes.Spdx, ["config"] = empty,
            ["layers"] = new JsonArray(_blobs.Add(MediaTypes.Spdx, document).ToJson()), ["subject"] = manifest.ToJson(), ["annotations"] = annotations,
        }).ToJson();
        artifact["artifactType"] = MediaTypes.Spdx;
        _documents.Add(artifact);
    }

    private JsonObject Config(Platform platform, JsonArray diffs, JsonArray history) => new()
    {
        ["created"] = Time,
        ["architecture"] = platform.Architecture,
        ["os"] = "linux",
        ["config"] = new JsonObject
        {
            ["User"] = $"{DebianRoot.User}:{DebianRoot.User}",
            ["ExposedPorts"] = new JsonObject(Ports.Order(StringComparer.Ordinal).Select(port => KeyValuePair.Create<string, JsonNode?>(port, new JsonObject()))),
            // Diagnostics would write a socket to /tmp; globalization is invariant, and needs no ICU.
            ["Env"] = new JsonArray("PATH=/app", "HOME=/data", "AGENTRT_DATA=/data", "DOTNET_EnableDiagnostics=0", "DOTNET_RUNNING_IN_CONTAINER=true"),
            ["Entrypoint"] = new JsonArray("/app/AgentRuntime.Silo"),
            ["WorkingDir"] = "/data",
            ["Volumes"] = new JsonObject { ["/data"] = new JsonObject() },
            ["Labels"] = Labels(),
            ["StopSignal"] = "SIGTERM",
        },
        ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = diffs },
        ["history"] = history,
    };

    private JsonObject Labels() => new()
    {
        ["org.opencontainers.image.created"] = Time,
        ["org.opencontainers.image.description"] = "A silo of the agent runtime.",
        ["org.opencontainers.image.licenses"] = "MIT",
        ["org.opencontainers.image.revision"] = checkout.Revision,
        ["org.opencontainers.image.title"] = "agent-runtime-silo",
        ["org.opencontainers.image.version"] = version,
    };
}

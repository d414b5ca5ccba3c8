using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentRuntime.Image.Layout;

/// <summary>The folder of an image layout: blobs under their hashes.</summary>
internal sealed class BlobStore(string folder)
{
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes(JsonNode json) => JsonSerializer.SerializeToUtf8Bytes(json, Format);

    public Descriptor Add(string mediaType, JsonNode json) => Add(mediaType, target => target.Write(Bytes(json)));

    public Descriptor Add(string mediaType, Action<Stream> write)
    {
        var blobs = Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256")).FullName;
        var beside = Path.Combine(folder, ".blob");
        using (var file = File.Create(beside)) write(file);
        string hash;
        long size;
        using (var file = File.OpenRead(beside)) (hash, size) = (Convert.ToHexStringLower(SHA256.HashData(file)), file.Length);
        File.Move(beside, Path.Combine(blobs, hash), overwrite: true);
        return new Descriptor(mediaType, $"sha256:{hash}", size);
    }
}

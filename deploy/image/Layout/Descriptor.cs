using System.Text.Json.Nodes;

namespace AgentRuntime.Image.Layout;

/// <summary>Where a blob is referred to: what it is, its hash and its length.</summary>
internal sealed record Descriptor(string MediaType, string Digest, long Size)
{
    public JsonObject ToJson() => new() { ["mediaType"] = MediaType, ["digest"] = Digest, ["size"] = Size };

    public static Descriptor Of(JsonNode node) => new((string)node["mediaType"]!, (string)node["digest"]!, (long)node["size"]!);
}

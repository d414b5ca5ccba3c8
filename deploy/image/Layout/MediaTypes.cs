namespace AgentRuntime.Image.Layout;

/// <summary>OCI Image Format Specification 1.1, Media Types; SPDX's is registered at IANA.</summary>
internal static class MediaTypes
{
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";
    public const string Layer = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string Empty = "application/vnd.oci.empty.v1+json";
    public const string Spdx = "application/spdx+json";
}

namespace AgentRuntime.Certificates;

/// <summary>A certificate and its key. They are read when the silo starts, and again while connections come and they have changed.</summary>
internal sealed class CertificateOptions
{
    /// <summary>PEM file of the certificate, those that signed it after it.</summary>
    public string? Path { get; set; }

    /// <summary>PEM file of its private key.</summary>
    public string? KeyPath { get; set; }
}

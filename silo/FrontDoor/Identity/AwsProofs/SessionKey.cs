namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>What all silos of the cluster sign and check sessions with, and nobody else has.</summary>
internal sealed record SessionKey(byte[] Bytes)
{
    /// <summary>Derives it from the root key of the cluster.</summary>
    public const string Purpose = "frontdoor-sessions";
}

namespace AgentRuntime.FrontDoor;

/// <summary>Limits of what a caller may send. They are part of the API and no option.</summary>
internal static class FrontDoorLimits
{
    public const int MaxReceiveMessageBytes = 4 * 1024 * 1024;

    /// <summary>Of a method that anyone may call.</summary>
    public const int MaxAnonymousMessageBytes = 4 * 1024;

    /// <summary>One record's payload may be 16 MiB; escaped as JSON and framed it stays below this.</summary>
    public const int MaxSendMessageBytes = 64 * 1024 * 1024;

    public const int MaxMetadataBytes = 16 * 1024;
    public const int MaxInputBytes = 1024 * 1024;
    public const int MaxManifestBytes = 256 * 1024;
    public const int MaxReasonChars = 1_000;
    public const int MaxRequestIdChars = 128;
    public const int MaxOnBehalfOfChars = 256;
    public const int MaxJsonDepth = 64;
    public const int DefaultPageSize = 50;
    public const int MaxPageSize = 200;
    public const int MaxPageTokenChars = 512;
    public const int MaxWatchedApprovals = 1_000;
    public const int MaxEtagChars = 128;
    public const int MaxErrorMessageChars = 2_000;
}

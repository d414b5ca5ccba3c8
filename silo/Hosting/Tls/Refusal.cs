namespace AgentRuntime.Hosting.Tls;

/// <summary>Why a connection was refused.</summary>
/// <param name="Reason">For metrics: one of few.</param>
/// <param name="Text">For people.</param>
internal sealed record Refusal(string Reason, string Text)
{
    public const string Untrusted = "untrusted";
    public const string Expired = "expired";
    public const string WrongUsage = "wrong_usage";
    public const string WrongName = "wrong_name";
    public const string NoCertificate = "no_certificate";
    public const string NoTls = "no_tls";
    public const string TooSlow = "too_slow";
    public const string Crowded = "crowded";
    public const string RefusedThere = "refused_there";
}

namespace AgentRuntime.RedTeam.Targets;

/// <summary>What came back.</summary>
/// <param name="Reason">Empty: it succeeded. Else the error's reason and message, or what the transport said.</param>
/// <param name="Body">The first message, or the text.</param>
internal sealed record Answer(string Reason, byte[] Body)
{
    public static Answer Ok(byte[] body) => new("", body);

    public static Answer Refused(string reason) => new(reason, []);

    public bool Says(string text) => Reason.Contains(text, StringComparison.Ordinal);
}

namespace AgentRuntime.RedTeam;

/// <summary>What became of one attack. Refused for another reason than the expected one, or with a twin that was refused as well, or for more memory than it may take, it counts as accepted.</summary>
internal sealed record AttackRow(string Id, string Control, string Result, string Reason, string ExpectedReason, double AllocatedMb)
{
    public bool IsRefused => Result == "refused";
}

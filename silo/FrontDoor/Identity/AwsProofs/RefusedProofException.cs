namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>A proof does not hold. Its reason is for the operator alone; a caller is told the same whatever it is.</summary>
/// <param name="reason">One word, for metrics and the log.</param>
internal sealed class RefusedProofException(string reason) : Exception($"The proof is refused: {reason}.")
{
    public string Reason => reason;
}

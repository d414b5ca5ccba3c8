namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>The proofs that have counted, of all silos of the cluster.</summary>
internal interface IUsedProofs
{
    /// <summary>
    /// Writes down durably that the proof of a signature has counted. False when it was there: the proof comes again. It may be forgotten after
    /// <paramref name="until"/>, when the proof is too old to count.
    /// </summary>
    /// <exception cref="Common.AgentRuntimeException">Unavailable: nobody knows whether it was written.</exception>
    Task<bool> TryUseAsync(string signature, DateTimeOffset until);
}

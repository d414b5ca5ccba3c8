using System.Collections.Concurrent;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>
/// Proofs that this silo has looked at of late, so that neither STS nor the store is asked about one again and again. It only spares work: what counts is
/// <see cref="IUsedProofs"/>.
/// </summary>
internal sealed class SeenProofs
{
    /// <summary>Beyond this all are forgotten.</summary>
    public const int Max = 10_000;

    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    /// <summary>False when it was seen before, be it that it is looked at right now.</summary>
    public bool TryAdd(string signature)
    {
        if (_seen.Count >= Max) _seen.Clear();
        return _seen.TryAdd(signature, true);
    }

    /// <summary>Nothing was found out about it.</summary>
    public void Forget(string signature) => _seen.TryRemove(signature, out _);
}

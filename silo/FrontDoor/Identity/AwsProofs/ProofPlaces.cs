using AgentRuntime.FrontDoor.Overload;
using System.Net;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>
/// How many proofs STS is asked about at a time. An access key whose proof has counted of late has places of its own, some of which nobody else gets; all
/// others share the rest, a part for each network. So whoever sends bad proofs waits for nobody but themselves and who comes for the first time from the same
/// network, which behind a proxy that ends TLS is everybody. A key's id is no secret: whoever knows one takes that key's places only.
/// </summary>
internal sealed class ProofPlaces(TimeProvider time)
{
    public const int Max = 32;

    /// <summary>Of all keys that are not known.</summary>
    public const int MaxOfUnknown = 24;

    public const int MaxOfNetwork = 8;

    /// <summary>Of one key that is known. One that needs more gets what there is for others.</summary>
    public const int MaxOfKey = 4;

    /// <summary>Keys that are known; beyond this all are forgotten.</summary>
    public const int MaxKeys = 10_000;

    /// <summary>How long a key is known: some lives of the session that its proof has brought.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<Lane, int> _taken = [];
    private int _all;
    private int _unknown;

    /// <summary>Takes a place until it is disposed of; null when all are taken.</summary>
    public IDisposable? TryEnter(IPAddress? from, string accessKey)
    {
        lock (_gate)
        {
            if (_all >= Max) return null;
            var own = new Lane(IsKey: true, accessKey);
            if (IsKnown(accessKey) && _taken.GetValueOrDefault(own) < MaxOfKey) return Enter(own);
            var shared = new Lane(IsKey: false, CallerShares.NetworkOf(from));
            return _unknown < MaxOfUnknown && _taken.GetValueOrDefault(shared) < MaxOfNetwork ? Enter(shared) : null;
        }
    }

    /// <summary>A proof of the key has counted.</summary>
    public void Accepted(string accessKey)
    {
        lock (_gate)
        {
            if (_known.Count >= MaxKeys && !_known.ContainsKey(accessKey)) _known.Clear();
            _known[accessKey] = time.GetUtcNow();
        }
    }

    private bool IsKnown(string accessKey) => _known.TryGetValue(accessKey, out var at) && time.GetUtcNow() - at < KnownFor;

    private Place Enter(Lane lane)
    {
        _all++;
        if (!lane.IsKey) _unknown++;
        _taken[lane] = _taken.GetValueOrDefault(lane) + 1;
        return new Place(this, lane);
    }

    private void Leave(Lane lane)
    {
        lock (_gate)
        {
            _all--;
            if (!lane.IsKey) _unknown--;
            if (--_taken[lane] == 0) _taken.Remove(lane);
        }
    }

    /// <summary>What places are counted for.</summary>
    private readonly record struct Lane(bool IsKey, string Name);

    private sealed class Place(ProofPlaces places, Lane lane) : IDisposable
    {
        public void Dispose() => places.Leave(lane);
    }
}

using AgentRuntime.FrontDoor.Overload;
using System.Net;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>How many proofs STS is asked about at a time, in all and for one network: whoever sends bad ones waits for nobody but themselves.</summary>
internal sealed class ProofPlaces
{
    public const int Max = 32;
    public const int MaxOfNetwork = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Takes a place until it is disposed of; null when all are taken.</summary>
    public IDisposable? TryEnter(IPAddress? from)
    {
        var network = CallerShares.NetworkOf(from);
        lock (_gate)
        {
            var taken = _taken.GetValueOrDefault(network);
            if (_all >= Max || taken >= MaxOfNetwork) return null;
            _all++;
            _taken[network] = taken + 1;
            return new Place(this, network);
        }
    }

    private void Leave(string network)
    {
        lock (_gate)
        {
            _all--;
            if (--_taken[network] == 0) _taken.Remove(network);
        }
    }

    private sealed class Place(ProofPlaces places, string network) : IDisposable
    {
        public void Dispose() => places.Leave(network);
    }
}

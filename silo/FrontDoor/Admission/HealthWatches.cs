using AgentRuntime.Common;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor.Admission;

/// <summary>Bounds the open watches of health and, in development, streams of reflection, for which nobody needs a credential: those of one connection, and all.</summary>
internal sealed class HealthWatches(IOptions<FrontDoorOptions> options)
{
    public const int MaxOfOneConnection = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Takes a place; disposing gives it back.</summary>
    /// <exception cref="AgentRuntimeException">LimitExceeded.</exception>
    public IDisposable Enter(string connection)
    {
        var max = options.Value.MaxHealthWatches;
        lock (_gate)
        {
            if (_all >= max) throw Full($"{max} streams are open on this silo");
            var ofConnection = _open.GetValueOrDefault(connection);
            if (ofConnection >= MaxOfOneConnection) throw Full($"{MaxOfOneConnection} streams are open on this connection");
            _open[connection] = ofConnection + 1;
            _all++;
        }

        return new Place(this, connection);
    }

    private static AgentRuntimeException Full(string what) => new(ErrorCode.LimitExceeded, $"stream: {what} without credential; close one, or use Check.", isTransient: true);

    private void Leave(string connection)
    {
        lock (_gate)
        {
            _all--;
            if (--_open[connection] == 0) _open.Remove(connection);
        }
    }

    private sealed class Place(HealthWatches watches, string connection) : IDisposable
    {
        public void Dispose() => watches.Leave(connection);
    }
}

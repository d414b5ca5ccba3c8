using Microsoft.AspNetCore.Connections;

namespace AgentRuntime.Hosting.Tls;

/// <summary>
/// Bounds the handshakes that others have begun and not ended. One more than that ends the oldest: those who mean it need milliseconds, so
/// connections that say nothing make room for them and not the other way round.
/// </summary>
internal sealed class HandshakeGate
{
    public const int Max = 128;

    private readonly LinkedList<Place> _oldestFirst = new();
    private readonly Lock _gate = new();

    public int Count
    {
        get
        {
            lock (_gate) return _oldestFirst.Count;
        }
    }

    public Place Enter(ConnectionContext connection)
    {
        Place? evicted = null;
        var place = new Place(this, connection);
        lock (_gate)
        {
            if (_oldestFirst.Count >= Max)
            {
                evicted = _oldestFirst.First!.Value;
                _oldestFirst.RemoveFirst();
            }

            _oldestFirst.AddLast(place.Node);
        }

        evicted?.Evict();
        return place;
    }

    /// <summary>A handshake that goes on.</summary>
    internal sealed class Place : IDisposable
    {
        private readonly HandshakeGate _gate;
        private readonly ConnectionContext _connection;
        private volatile bool _wasEvicted;

        public Place(HandshakeGate gate, ConnectionContext connection)
        {
            (_gate, _connection) = (gate, connection);
            Node = new LinkedListNode<Place>(this);
        }

        public LinkedListNode<Place> Node { get; }

        public bool WasEvicted => _wasEvicted;

        public void Evict()
        {
            _wasEvicted = true;
            _connection.Abort();
        }

        public void Dispose()
        {
            lock (_gate._gate)
            {
                if (Node.List is not null) _gate._oldestFirst.Remove(Node);
            }
        }
    }
}

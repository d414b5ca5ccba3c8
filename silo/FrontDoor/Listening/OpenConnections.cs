using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor.Listening;

/// <summary>Bounds the open connections of all ports together, before anything is done for one.</summary>
internal sealed class OpenConnections(IOptions<FrontDoorOptions> options)
{
    private readonly int _max = options.Value.MaxConnections;
    private int _open;

    public ConnectionDelegate Bound(ConnectionDelegate next) => async connection =>
    {
        try
        {
            if (Interlocked.Increment(ref _open) <= _max) await next(connection);
            else connection.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    };
}

using AgentRuntime.Common;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Admission;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Silo.Tests.FrontDoor.Admission;

public sealed class HealthWatchesTests
{
    private readonly HealthWatches _watches = new(Options.Create(new FrontDoorOptions { MaxHealthWatches = HealthWatches.MaxOfOneConnection + 2 }));

    [Fact]
    public void Enter_MoreThanOneConnectionMayHave_IsRefusedUntilOneLeaves()
    {
        var places = Enumerable.Range(0, HealthWatches.MaxOfOneConnection).Select(_ => _watches.Enter("a")).ToList();
        Refuses("a", "on this connection");
        _watches.Enter("b");

        places[0].Dispose();

        _watches.Enter("a");
        Refuses("a", "on this connection");
    }

    [Fact]
    public void Enter_MoreThanAllMayHave_IsRefusedUntilOneLeaves()
    {
        var places = Enumerable.Range(0, HealthWatches.MaxOfOneConnection + 2).Select(i => _watches.Enter($"{i}")).ToList();
        Refuses("other", "on this silo");

        places[0].Dispose();

        _watches.Enter("other");
    }

    private void Refuses(string connection, string where)
    {
        var fault = Assert.Throws<AgentRuntimeException>(() => _watches.Enter(connection));
        Assert.Equal((ErrorCode.LimitExceeded, true), (fault.Code, fault.IsTransient));
        Assert.Contains(where, fault.Message, StringComparison.Ordinal);
    }
}

using System.Net;
using AgentRuntime.FrontDoor.Overload;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Silo.Tests.FrontDoor.Overload;

public sealed class CallerSharesTests
{
    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    public void Of_WhoIsUnknown_IsALaneOfTheirNetworkInOneShare(string one, string other, bool same)
    {
        var shares = new CallerShares();
        var (first, second) = (shares.Of(From(one)), shares.Of(From(other)));
        Assert.Equal(first.Share, second.Share);
        Assert.Equal(same, first == second);
    }

    private static DefaultHttpContext From(string address) => new() { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };
}

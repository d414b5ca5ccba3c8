using System.Net;
using System.Net.Sockets;
using AgentRuntime.Common;
using AgentRuntime.Hosting;
using AgentRuntime.RedTeam.Targets;
using AgentRuntime.Testing;
using Microsoft.Extensions.Configuration;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>Tokens of development issuers where they are good for nothing. The twin is such a token in its own cluster, on loopback.</summary>
internal static class DevTokenAttacks
{
    public static IEnumerable<Attack> Against(Target target)
    {
        yield return new Attack("dev/of-another-cluster", "is of another issuer", () => Good(target), () => AskAsync(target, target.DevGrpc, Target.SignDev(target.FormerDev, Target.DevClaims(target.FormerDev, "acme", Roles.Developer))));
        yield return new Attack("dev/of-another-clusters-key", "does not hold", () => Good(target), () => AskAsync(target, target.DevGrpc, Target.SignDev(target.FormerDev, Target.DevClaims(target.Dev, "acme", Roles.Developer))));
        yield return new Attack("dev/for-another-cluster", "is for another cluster", () => Good(target), () => AskAsync(target, target.DevGrpc, Elsewhere(target)));
        yield return new Attack("dev/with-issuers-configured", "an issuer that this cluster does not know", () => Good(target), () => AskAsync(target, target.Grpc, Target.SignDev(target.FormerDev, Target.DevClaims(target.FormerDev, "acme", Roles.Developer))));
        yield return new Attack("dev/of-an-issuer-here", "is of another issuer", () => Good(target), () => AskAsync(target, target.DevGrpc, OfAnIssuer(target)));
        yield return new Attack("dev/lives-for-a-day", "lives too long", () => Good(target), () => AskAsync(target, target.DevGrpc, LongLived(target)));
        yield return Start("dev/listener-on-all-addresses", "clear text", ("FrontDoor:Address", "0.0.0.0"), ("FrontDoor:Hosts:0", "agents.example.com"));
        yield return Start("dev/listener-behind-a-proxy", "the development issuer is no protection", ("FrontDoor:Address", "0.0.0.0"), ("FrontDoor:Hosts:0", "agents.example.com"), ("FrontDoor:TlsTerminatedUpstream", "true"));
        yield return new Attack("dev/from-the-network", "refused", () => DialAsync(IPAddress.Loopback, target.DevGrpc.Port), () => DialAsync(OwnAddress(), target.DevGrpc.Port));
    }

    private static Task<Answer> Good(Target target) => AskAsync(target, target.DevGrpc, target.DevToken("acme", Roles.Developer));

    private static Task<Answer> AskAsync(Target target, Uri endpoint, string token) => target.Wire.CallAsync(target.List("acme", token) with { Endpoint = endpoint });

    private static string Elsewhere(Target target)
    {
        var claims = Target.DevClaims(target.Dev, "acme", Roles.Developer);
        claims["aud"] = target.FormerDev.Audience;
        return Target.SignDev(target.Dev, claims);
    }

    private static string OfAnIssuer(Target target)
    {
        var claims = Target.Claims(target.Acme, "acme", Roles.Developer);
        claims["nbf"] = (long)claims["iat"]!;
        claims["aud"] = target.Dev.Audience;
        return target.Acme.Token(claims);
    }

    private static string LongLived(Target target)
    {
        var claims = Target.DevClaims(target.Dev, "acme", Roles.Developer);
        claims["exp"] = (long)claims["nbf"]! + 86_400;
        return Target.SignDev(target.Dev, claims);
    }

    private static Attack Start(string id, string expected, params (string Key, string Value)[] settings) => new(id, expected, () => StartAsync([]), () => StartAsync(settings));

    private static async Task<Answer> StartAsync((string Key, string Value)[] settings)
    {
        using var folder = new ScratchFolder();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(each => each.Key, each => (string?)each.Value)).Build();
        try
        {
            var builder = await AgentRuntimeHost.CreateBuilderAsync(new SiloHostOptions { DataFolder = folder.Path, GrpcPort = 0, HttpPort = 0, SiloPort = 0 }, configuration, CancellationToken.None);
            await builder.BuildSilo().DisposeAsync();
            return Answer.Ok([]);
        }
        catch (AgentRuntimeException refused)
        {
            return Answer.Refused(refused.Message);
        }
    }

    private static async Task<Answer> DialAsync(IPAddress address, int port)
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync(address, port);
            return Answer.Ok([]);
        }
        catch (SocketException refused)
        {
            return Answer.Refused($"refused: {refused.SocketErrorCode}");
        }
    }

    private static IPAddress OwnAddress() =>
        Array.Find(Dns.GetHostAddresses(Dns.GetHostName()), address => !IPAddress.IsLoopback(address) && address.AddressFamily == AddressFamily.InterNetwork) ?? IPAddress.Parse("127.0.0.2");
}

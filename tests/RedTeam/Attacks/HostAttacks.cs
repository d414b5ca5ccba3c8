using AgentRuntime.RedTeam.Targets;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>Requests for another host, as a page sends them whose name was made to point here. The twin is the same request for a loopback name.</summary>
internal static class HostAttacks
{
    private const string Expected = "is none by which this silo is known";

    private static readonly (string Name, string Host)[] Foreign =
    [
        ("name", "evil.example"), ("prefix", "127.0.0.1.evil.example"), ("suffix", "evil.localhost"), ("dot", "localhost."), ("all", "0.0.0.0"), ("network", "192.0.2.1"), ("decimal", "2130706433.example"),
    ];

    public static IEnumerable<Attack> Against(Target target)
    {
        foreach (var (name, host) in Foreign)
        {
            yield return new Attack($"host/grpc-{name}", Expected, () => GrpcAsync(target, "localhost"), () => GrpcAsync(target, $"{host}:{target.Grpc.Port}"));
            yield return new Attack($"host/json-{name}", Expected, () => JsonAsync(target, "localhost"), () => JsonAsync(target, $"{host}:{target.Http.Port}"));
        }

        yield return new Attack("host/health", Expected, () => HealthAsync(target, "localhost"), () => HealthAsync(target, "evil.example"));
    }

    private static Task<Answer> GrpcAsync(Target target, string host) => target.Wire.CallAsync(target.List("acme", target.Token("acme", "developer")) with { Host = host });

    private static Task<Answer> JsonAsync(Target target, string host) =>
        target.Wire.JsonAsync(HttpMethod.Get, new Uri(target.Http, "/v1/tenants/acme/runs"), target.Token("acme", "developer"), host);

    private static Task<Answer> HealthAsync(Target target, string host) => target.Wire.JsonAsync(HttpMethod.Get, new Uri(target.Http, "/healthz"), null, host);
}

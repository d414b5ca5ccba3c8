using System.Diagnostics;
using System.Net;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Http;
using AgentRuntime.Tools.Http.Egress;
using AgentRuntime.Tools.Http.Secrets;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Grains.Tests.Tools.Http;

/// <summary>Calls an http tool whose hosts resolve to what the test says.</summary>
public abstract class HttpToolCalls : IDisposable
{
    private readonly DirectoryInfo _secrets = Directory.CreateTempSubdirectory("secrets-");

    internal Dictionary<string, IPAddress[]> Hosts { get; } = new() { ["shop.test"] = [IPAddress.Loopback], ["other.test"] = [IPAddress.Loopback] };

    internal List<string> PrivateHosts { get; } = ["shop.test", "other.test"];

    /// <summary>The span of the call; none unless a test sets one.</summary>
    internal ActivityContext Trace { get; set; }

    internal string SecretsFolder => _secrets.FullName;

    public void Dispose()
    {
        _secrets.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    internal static ToolOutcome.Failed Failed(ToolOutcome outcome) => Assert.IsType<ToolOutcome.Failed>(outcome);

    internal Task<ToolOutcome> CallAsync(
        LoopbackServer server,
        string method,
        string path,
        string arguments,
        Dictionary<string, string>? headers = null,
        DateTimeOffset? deadline = null,
        CancellationToken? cancellation = null) =>
        CallAsync("shop.test", server.Port, method, path, arguments, headers, deadline, cancellation);

    internal async Task<ToolOutcome> CallAsync(
        string host,
        int port,
        string method,
        string path,
        string arguments,
        Dictionary<string, string>? headers = null,
        DateTimeOffset? deadline = null,
        CancellationToken? cancellation = null,
        string scheme = "http",
        HostResolver? resolve = null,
        string[]? tenantHosts = null)
    {
        var options = new EgressOptions { Hosts = { "shop.test", "other.test" } };
        foreach (var name in PrivateHosts)
            options.AllowPrivateHosts.Add(name);
        var clock = new FakeTimeProvider(ToolSamples.Now);
        var guard = new EgressGuard(Options.Create(options), resolve ?? ((name, _) => Task.FromResult(Hosts[name])));
        using var transport = new HttpTransport(guard);
        var invoker = new HttpToolInvoker(
            transport,
            guard,
            new SecretSource(Options.Create(new SecretOptions { Folder = _secrets.FullName })),
            FakeTenants.With(clock, tenantHosts ?? ["shop.test", "other.test"]),
            clock);
        var contract = ToolSamples.Contract(invoker: new HttpInvoker(method, $"{scheme}://{host}:{port}{path}", headers ?? [], 65_536)) with
        {
            EgressHosts = ["shop.test", "other.test"],
        };
        var tool = ToolSamples.Prepare(ToolSamples.Version(contract), invoker);
        return await invoker.InvokeAsync(ToolSamples.Call(tool, arguments, deadline) with { Trace = Trace }, cancellation ?? TestContext.Current.CancellationToken);
    }
}

using System.Net;
using System.Net.Sockets;
using AgentRuntime.Common;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Tools.Http.Egress;

/// <summary>
/// Lets connections out to listed hosts only, and only to addresses outside. The address that was checked is the one that is connected
/// to, so a name that changes its mind in between gains nothing.
/// </summary>
internal sealed class EgressGuard
{
    public const int MaxAddresses = 16;

    private readonly HostRules _platform;
    private readonly HostRules _private;
    private readonly HostResolver _resolve;

    public EgressGuard(IOptions<EgressOptions> options, HostResolver resolve)
    {
        _platform = HostRules.Parse(options.Value.Hosts, $"{EgressOptions.SectionName}:{nameof(EgressOptions.Hosts)}");
        _private = HostRules.Parse(options.Value.AllowPrivateHosts, $"{EgressOptions.SectionName}:{nameof(EgressOptions.AllowPrivateHosts)}");
        _resolve = resolve;
    }

    /// <summary>Requires that a contract's hosts lie inside the tenant's, and those inside the platform's.</summary>
    /// <exception cref="AgentRuntimeException">PolicyDenied, naming host and list.</exception>
    public void RequireListed(HostRules contract, HostRules tenant)
    {
        if (contract.FindOutside(tenant) is { } foreign)
            throw Denied($"host '{foreign}' is not in the tenant's egress list.");
        if (contract.FindOutside(_platform) is { } closed)
            throw Denied($"host '{closed}' is not in the platform's egress list (Egress:Hosts).");
    }

    /// <summary>Requires that a URL may be asked for under these lists.</summary>
    /// <exception cref="AgentRuntimeException">PolicyDenied, naming host and list.</exception>
    public void RequireAllowed(EgressUrl url, HostRules contract, HostRules tenant)
    {
        if (!contract.Covers(url.Target))
            throw Denied($"host '{url.Target}' is not among the contract's egress hosts.");
        if (!tenant.Covers(url.Target))
            throw Denied($"host '{url.Target}' is not in the tenant's egress list.");
        if (!_platform.Covers(url.Target))
            throw Denied($"host '{url.Target}' is not in the platform's egress list (Egress:Hosts).");
        if (url.Uri.Scheme != Uri.UriSchemeHttps && !_private.Covers(url.Target))
            throw Denied($"host '{url.Target}' must be reached by https; http is for hosts in Egress:AllowPrivateHosts.");
    }

    /// <summary>Connects to an address of the host that may be reached.</summary>
    /// <exception cref="AgentRuntimeException">PolicyDenied: one of its addresses is not outside. Unavailable: it has none.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellation)
    {
        var addresses = await ResolveAsync(endpoint, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, endpoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> ResolveAsync(DnsEndPoint endpoint, CancellationToken cancellation)
    {
        var target = new HostRule(endpoint.Host.Contains(':', StringComparison.Ordinal) ? $"[{endpoint.Host.Trim('[', ']')}]" : endpoint.Host, endpoint.Port);
        var addresses = IPAddress.TryParse(target.Host, out var literal) ? [literal] : await _resolve(endpoint.Host, cancellation);
        if (addresses.Length == 0)
            throw new AgentRuntimeException(ErrorCode.Unavailable, $"Host '{endpoint.Host}' has no address.", isTransient: true);
        var allowPrivate = _private.Covers(target);

        // One bad address among good ones is how a name is made to slip through: then none is used.
        foreach (var address in addresses)
        {
            if (!AddressRules.Allows(address, allowPrivate))
                throw Denied($"host '{endpoint.Host}' is at {address}, which is not an address outside; Egress:AllowPrivateHosts opts in private ones by name.");
        }

        return addresses.Length <= MaxAddresses ? addresses : addresses[..MaxAddresses];
    }

    private static AgentRuntimeException Denied(string message) => new(ErrorCode.PolicyDenied, $"Egress is refused: {message}");
}

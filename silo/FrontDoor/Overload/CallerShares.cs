using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using AgentRuntime.FrontDoor.InProcess;

namespace AgentRuntime.FrontDoor.Overload;

/// <summary>
/// Whose share a call counts against, before its credential is checked: checking costs more than refusing. What a credential said the last time is
/// remembered by its hash. That settles who waits behind whom and nothing else; all who are unknown have one share, in which each network waits behind
/// itself.
/// </summary>
internal sealed class CallerShares
{
    public const int MaxRemembered = 10_000;

    private const string Unknown = "?";
    private const string Platform = "/";

    // Of an IPv6 address: the rest is whatever its owner likes.
    private const int NetworkBytes = 8;

    private readonly ConcurrentDictionary<(int Hash, int Length), string> _remembered = new();

    public CallerLane Of(HttpContext context)
    {
        if (context.Features.Get<InProcessCaller>() is { } inProcess) return CallerLane.Of(Name(inProcess.Principal));
        return Key(context) is { } key && _remembered.TryGetValue(key, out var name) ? CallerLane.Of(name) : new CallerLane(Unknown, NetworkOf(context.Connection.RemoteIpAddress));
    }

    /// <summary>Takes notice of what the call's credential turned out to say, as soon as that is known: the next call may come before this one ends.</summary>
    public CallerLane Remember(HttpContext context, Caller caller)
    {
        var name = Name(caller.Principal);
        if (Key(context) is { } key && !_remembered.ContainsKey(key))
        {
            if (_remembered.Count >= MaxRemembered) _remembered.Clear();
            _remembered[key] = name;
        }

        return CallerLane.Of(name);
    }

    /// <summary>A credential that is good no more speaks for nobody.</summary>
    public void ForgetRefused(HttpContext context)
    {
        if (context.Features.Get<Caller>() is null && Key(context) is { } key) _remembered.TryRemove(key, out _);
    }

    private static string Name(Principal principal) => principal.Tenant?.Value ?? Platform;

    /// <summary>Whom calls are counted against that come from an address.</summary>
    public static string NetworkOf(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }) return address?.ToString() ?? "";
        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, NetworkBytes));
    }

    // A proof never comes again.
    private static (int Hash, int Length)? Key(HttpContext context) =>
        context.Request.Headers.Authorization is [{ Length: > 0 } header] && !header.StartsWith(AwsCallers.ProofScheme, StringComparison.OrdinalIgnoreCase) ? (string.GetHashCode(header, StringComparison.Ordinal), header.Length) : null;
}

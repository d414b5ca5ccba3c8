using System.Collections.Concurrent;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.InProcess;

namespace AgentRuntime.FrontDoor.Overload;

/// <summary>
/// Whose share a call counts against, before its credential is checked: checking costs more than refusing. What a credential said the last time is
/// remembered by its hash. That settles who waits behind whom and nothing else; whoever is unknown shares one lane with all who
/// come from the same address.
/// </summary>
internal sealed class CallerShares
{
    public const int MaxRemembered = 10_000;

    private const string Unknown = "?";
    private const string Platform = "/";

    private readonly ConcurrentDictionary<(int Hash, int Length), string> _remembered = new();

    public string Of(HttpContext context)
    {
        if (context.Features.Get<InProcessCaller>() is { } inProcess) return Name(inProcess.Principal);
        return Key(context) is { } key && _remembered.TryGetValue(key, out var name) ? name : $"{Unknown}{context.Connection.RemoteIpAddress}";
    }

    /// <summary>Takes notice of what the call's credential turned out to say.</summary>
    public void Remember(HttpContext context)
    {
        if (Key(context) is not { } key) return;
        if (context.Features.Get<Caller>() is not { } caller)
        {
            // A credential that is good no more speaks for nobody.
            _remembered.TryRemove(key, out _);
            return;
        }

        if (_remembered.ContainsKey(key)) return;
        if (_remembered.Count >= MaxRemembered) _remembered.Clear();
        _remembered[key] = Name(caller.Principal);
    }

    private static string Name(Principal principal) => principal.Tenant?.Value ?? Platform;

    private static (int Hash, int Length)? Key(HttpContext context) =>
        context.Request.Headers.Authorization is [{ Length: > 0 } header] ? (string.GetHashCode(header, StringComparison.Ordinal), header.Length) : null;
}

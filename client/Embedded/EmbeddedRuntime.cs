using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.InProcess;

namespace AgentRuntime.Client.Embedded;

/// <summary>
/// The runtime that this program hosts. Clients may be made before it serves: their calls wait until it does. When the program stops, their watches end
/// with <see cref="OperationCanceledException"/>, so that a request or a job which follows a run does not hold it up.
/// </summary>
public sealed class EmbeddedRuntime : IDisposable
{
    private readonly TaskCompletionSource<HostIdentity> _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly InProcessTransport _transport = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly string _tenant;
    private readonly TimeProvider _clock;

    internal EmbeddedRuntime(TenantId tenant, TimeProvider clock) => (_tenant, _clock) = (tenant.Value, clock);

    internal InProcessTransport Transport => _transport;

    /// <summary>
    /// A client that speaks as a person whom the program has recognised by its own means, with a login as of now. The program answers for that: its
    /// word is what audits show. Without a network, through the same front door as everybody.
    /// </summary>
    /// <param name="person">The person's name; the same person as in tokens with that name. 1 to 256 characters, no '|' and no control characters.</param>
    /// <param name="roles">What the person may do, see <see cref="Roles"/>.</param>
    /// <exception cref="InvalidInputException">The name or a role is malformed.</exception>
    public AgentRuntimeClient CreateClient(string person, params string[] roles)
    {
        ArgumentNullException.ThrowIfNull(person);
        if (!ClaimText.IsValid(person)) throw new InvalidInputException("person", ClaimText.Rule);
        if (roles.Any(role => role == Roles.PlatformOperator))
            throw new InvalidInputException("roles", $"{Roles.PlatformOperator} speaks for no tenant; people of this client speak for one.");
        var known = new EmbeddedPerson(person, [.. roles], _clock.GetUtcNow());
        return Client(identity => identity.Person(known));
    }

    internal AgentRuntimeClient CreateClient() => Client(identity => identity.Service);

    internal void Serves(HostIdentity identity) => _serving.TrySetResult(identity);

    // The program's container calls it.
    void IDisposable.Dispose() => _ending.Dispose();

    /// <summary>The program stops.</summary>
    internal void Ends() => _ending.Cancel();

    internal void Failed(Exception fault)
    {
        if (_serving.TrySetException(fault)) _ = _serving.Task.Exception;
    }

    private AgentRuntimeClient Client(Func<HostIdentity, Principal> caller) => AgentRuntimeClient.Over(
        new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellation) =>
            {
                var identity = await _serving.Task.WaitAsync(cancellation);
                return await _transport.ConnectAsync(caller(identity), cancellation);
            },
        },
        _tenant,
        _ending.Token);
}

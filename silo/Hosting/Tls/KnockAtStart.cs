using AgentRuntime.Common;

namespace AgentRuntime.Hosting.Tls;

/// <summary>
/// Asks silos of the cluster whether they would let this one in, before it writes itself down as a member: one that is refused by all would be
/// declared dead by them, and would end without saying why.
/// </summary>
internal sealed class KnockAtStart(IMembershipTable members, ClusterTls tls, ClusterPlace place) : IHostedLifecycleService
{
    private const int MaxAsked = 3;

    /// <exception cref="AgentRuntimeException">FailedPrecondition: none lets it in, and at least one says no.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var self = (place.Advertised, place.SiloPort);
        var table = await members.ReadAllAsync(cancellationToken);
        var asked = table.Members.Select(static row => row.Item1)
            .Where(silo => silo.Status == SiloStatus.Active && (silo.SiloAddress.Endpoint.Address, silo.SiloAddress.Endpoint.Port) != self)
            .OrderByDescending(static silo => silo.IAmAliveTime)
            .Take(MaxAsked)
            .Select(silo => tls.KnockAsync(silo.SiloAddress.Endpoint, cancellationToken));
        var answers = await Task.WhenAll(asked);
        if (answers.Any(static answer => answer.IsWelcome)) return;
        if (Array.Find(answers, static answer => answer is { IsThere: true, Refusal: not null }) is not { Refusal: { } refusal } refused) return;
        throw new AgentRuntimeException(
            ErrorCode.FailedPrecondition, $"This silo and the one at {refused.Silo} do not accept each other: {refusal.Text}. Correct the certificates or the settings in {ClusterTlsOptions.SectionName} of one of them.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Runs.Forks;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;

namespace AgentRuntime.Runs.Driving;

/// <summary>Starts and forks runs: checks, pins, and appends what they begin with. The same request again finds the run it started.</summary>
internal sealed class RunStarter(AgentDirectory agents, TenantDirectory tenants, AgentClearances clearances, ForkSource forks)
{
    /// <summary>Bytes of an input, at most.</summary>
    public const int MaxInputBytes = 1024 * 1024;

    public Task StartAsync(RunSession session, StartRun command, CancellationToken cancellation)
    {
        RequireInputFits(command.Input);
        var digest = Digest($"{command.Agent}\0{command.AgentVersion}\0{command.OnBehalfOf}\0{command.Input}{(command.Place is { } place ? $"\0{place.Session}" : null)}");
        return BeginAsync(session, command.RequestId, digest, async () =>
        {
            var version = await RequireStartableAsync(session.Key.Tenant, command.Agent, command.AgentVersion, cancellation);
            return (new RunBeginning(Record(command, version, digest), []), version.Definition);
        }, cancellation);
    }

    public Task ForkAsync(RunSession session, ForkRun command, CancellationToken cancellation)
    {
        if (command.Input is { } input) RequireInputFits(input);
        var digest = Digest($"fork\0{command.Parent}\0{command.AtSeq}\0{command.Live}\0{command.OnBehalfOf}\0{(command.Input is null ? 0 : 1)}\0{command.Input}");
        return BeginAsync(session, command.RequestId, digest, async () =>
        {
            var prefix = await forks.ReadAsync(new RunKey(session.Key.Tenant, command.Parent), command.AtSeq, cancellation);
            var version = await RequireStartableAsync(session.Key.Tenant, prefix.Start.Agent, prefix.Start.AgentVersion, cancellation);
            return (new RunBeginning(Record(command, prefix.Start, digest), prefix.Follow(command)), version.Definition);
        }, cancellation);
    }

    private async Task BeginAsync(
        RunSession session,
        string requestId,
        string digest,
        Func<Task<(RunBeginning Beginning, AgentDefinition Definition)>> prepare,
        CancellationToken cancellation)
    {
        if (session.State is null && !await TryBeginAsync(session, prepare, cancellation)) await session.ReloadAsync(cancellation);
        session.RequireNotPruned();
        var known = session.State ?? throw new AgentRuntimeException(ErrorCode.Unavailable, "run: the start was undone; try again.", isTransient: true);
        if (known.Start.BodyDigest != digest)
        {
            throw new AgentRuntimeException(
                ErrorCode.AlreadyExists, $"request_id {requestId}: started run {session.Key.Run} with another body. Use another request id.");
        }
    }

    private async Task<bool> TryBeginAsync(
        RunSession session, Func<Task<(RunBeginning Beginning, AgentDefinition Definition)>> prepare, CancellationToken cancellation)
    {
        try
        {
            var tenant = await tenants.RequireActiveAsync(session.Key.Tenant, cancellation);
            var (beginning, definition) = await prepare();
            cancellation.ThrowIfCancellationRequested();
            return await session.StartAsync(beginning, definition, tenant.Settings.MaxOpenRuns) switch
            {
                AppendResult.Appended => true,
                AppendResult.TooManyOpenRuns full => throw new AgentRuntimeException(
                    ErrorCode.LimitExceeded,
                    $"tenant {session.Key.Tenant}: {full.Open} runs are open, {tenant.Settings.MaxOpenRuns} allowed (maxOpenRuns). Wait for some to end, or raise the limit."),
                _ => false,
            };
        }
        catch (AgentRuntimeException) when (session.State is null)
        {
            // A run that exists answers its own request again, whatever has become of its agent since. It may have just begun to, by an append whose
            // answer was lost: then it goes on from here, even if the caller has left.
            if (await session.ReloadAsync(CancellationToken.None)) return true;
            throw;
        }
    }

    private async Task<AgentVersion> RequireStartableAsync(TenantId tenant, string agent, int agentVersion, CancellationToken cancellation)
    {
        var version = await agents.RequireStartableAsync(tenant, AgentId.Parse(agent), agentVersion, cancellation);
        await clearances.RequireAsync(tenant, version.Agent, version.Definition, cancellation);
        return version;
    }

    private static void RequireInputFits(string input)
    {
        if (Encoding.UTF8.GetByteCount(input) > MaxInputBytes) throw new InvalidInputException("input", $"is larger than {MaxInputBytes} bytes.");
    }

    private static RunStarted Record(StartRun command, AgentVersion version, string digest) => new(
        command.By,
        command.OnBehalfOf,
        version.Agent.Value,
        version.Version,
        version.Hash,
        version.PublishedBy,
        version.Definition.Tools,
        RiskRule.Hash,
        version.Definition.Model,
        version.Definition.Limits,
        command.RequestId,
        digest,
        command.Input,
        command.Place,
        command.History,
        command.TraceParent);

    // The fork is its caller's run, of the same agent with the same beginning, but outside the conversation.
    private static RunStarted Record(ForkRun command, RunStarted parent, string digest) => parent with
    {
        Requester = command.By,
        OnBehalfOf = command.OnBehalfOf ?? parent.OnBehalfOf,
        PolicyHash = RiskRule.Hash,
        RequestId = command.RequestId,
        BodyDigest = digest,
        Place = null,
        TraceParent = command.TraceParent,
    };

    private static string Digest(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}

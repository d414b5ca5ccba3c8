using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Agents;
using AgentRuntime.Common;

using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;

namespace AgentRuntime.Runs.Driving;

/// <summary>Starts runs: checks, pins, and appends seq 0. The same request again finds the run it started.</summary>
internal sealed class RunStarter(AgentDirectory agents, TenantDirectory tenants, AgentClearances clearances)
{
    /// <summary>Bytes of an input, at most.</summary>
    public const int MaxInputBytes = 1024 * 1024;

    public async Task StartAsync(RunSession session, StartRun command)
    {
        var digest = Digest(command);
        if (session.State is null && !await TryStartAsync(session, command, digest))
            await session.ReloadAsync();
        var known = session.State ?? throw new AgentRuntimeException(ErrorCode.Unavailable, "run: the start was undone; try again.", isTransient: true);
        if (known.Start.BodyDigest != digest)
        {
            throw new AgentRuntimeException(
                ErrorCode.AlreadyExists, $"request_id {command.RequestId}: started run {session.Key.Run} with another body. Use another request id.");
        }
    }

    private async Task<bool> TryStartAsync(RunSession session, StartRun command, string digest)
    {
        try
        {
            var tenant = await tenants.RequireActiveAsync(session.Key.Tenant);
            var version = await agents.RequireStartableAsync(
                session.Key.Tenant, AgentId.Parse(command.Agent), command.AgentVersion, CancellationToken.None);
            await clearances.RequireAsync(session.Key.Tenant, version.Agent, version.Definition);
            return await session.StartAsync(Record(command, version, digest), version.Definition, tenant.Settings.MaxOpenRuns) switch
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
            // A run that exists answers its own request again, whatever has become of its agent since.
            if (await session.ReloadAsync()) return true;
            throw;
        }
    }

    private static RunStarted Record(StartRun command, AgentVersion version, string digest)
    {
        if (Encoding.UTF8.GetByteCount(command.Input) > MaxInputBytes)
            throw new InvalidInputException("input", $"is larger than {MaxInputBytes} bytes.");
        return new RunStarted(
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
            command.Input);
    }

    private static string Digest(StartRun command)
    {
        var body = $"{command.Agent}\0{command.AgentVersion}\0{command.OnBehalfOf}\0{command.Input}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
    }
}

using System.Security.Cryptography;
using AgentRuntime.V1;
using Grpc.Core;

namespace AgentRuntime.Client;

/// <content>Runs, in the words of a program that uses them. What is not here is in <see cref="Runs"/>.</content>
public sealed partial class AgentRuntimeClient
{
    /// <summary>Starts a run. It is durable when this returns.</summary>
    /// <param name="agent">The agent's name, or its id where the client knows the tenant.</param>
    /// <param name="input">The first input, at most 1 MiB as UTF-8.</param>
    /// <param name="session">The conversation to go on with, by name or id; null for none.</param>
    /// <param name="requestId">
    /// Makes a repetition safe, also one after a restart of the program: the same id and body again give the same run. 1 to 128 visible ASCII
    /// characters; null makes a random one, which covers the repetitions of this call only.
    /// </param>
    /// <param name="cancellationToken">Gives up waiting. The run may have been started.</param>
    /// <exception cref="RpcException">The server refused, or nobody answered in time.</exception>
    public async Task<Run> StartRunAsync(string agent, string input, string? session = null, string? requestId = null, CancellationToken cancellationToken = default)
    {
        var name = _names.Of("agents", agent);
        var request = new StartRunRequest
        {
            Parent = ResourceNames.ParentOf(name),
            Agent = name,
            Input = input,
            Session = session is null ? "" : _names.Of("sessions", session),
            RequestId = requestId ?? NewRequestId(),
        };
        return await Runs.StartRunAsync(request, cancellationToken: cancellationToken);
    }

    /// <summary>Gives input to a run that waits or works.</summary>
    /// <param name="run">The run's name, or its id where the client knows the tenant.</param>
    /// <param name="input">The input, at most 1 MiB as UTF-8.</param>
    /// <param name="requestId">The same id again adds nothing; null makes a random one.</param>
    /// <param name="cancellationToken">Gives up waiting. The input may have arrived.</param>
    /// <exception cref="RpcException">The server refused, or nobody answered in time.</exception>
    public async Task<Run> SendInputAsync(string run, string input, string? requestId = null, CancellationToken cancellationToken = default)
    {
        var request = new SendInputRequest { Name = _names.Of("runs", run), Input = input, RequestId = requestId ?? NewRequestId() };
        return await Runs.SendInputAsync(request, cancellationToken: cancellationToken);
    }

    /// <summary>A run as it is now.</summary>
    /// <param name="run">The run's name, or its id where the client knows the tenant.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="RpcException">The server refused, or nobody answered in time.</exception>
    public async Task<Run> GetRunAsync(string run, CancellationToken cancellationToken = default) =>
        await Runs.GetRunAsync(new GetRunRequest { Name = _names.Of("runs", run) }, cancellationToken: cancellationToken);

    /// <summary>
    /// Waits until a run has ended, however long that takes, restarts of the silo included, and returns it. Whether it completed, failed or was
    /// cancelled stands in its state.
    /// </summary>
    /// <param name="run">The run's name, or its id where the client knows the tenant.</param>
    /// <param name="cancellationToken">Gives up waiting. The run goes on.</param>
    /// <exception cref="RpcException">The server refused, or nobody answered for too long.</exception>
    public async Task<Run> WaitForRunAsync(string run, CancellationToken cancellationToken = default)
    {
        var found = await GetRunAsync(run, cancellationToken);
        while (found.State is not (RunState.Completed or RunState.Failed or RunState.Cancelled))
        {
            await foreach (var _ in WatchRunAsync(found.Name, found.LastSeq, cancellationToken))
            {
            }

            found = await GetRunAsync(found.Name, cancellationToken);
        }

        return found;
    }

    /// <summary>The runs of the tenant, newest first, page after page as they are read.</summary>
    /// <param name="request">Which; null for all. The tenant of the client is filled in where no parent stands.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="RpcException">The server refused, or nobody answered in time.</exception>
    public IAsyncEnumerable<RunSummary> ListRunsAsync(ListRunsRequest? request = null, CancellationToken cancellationToken = default)
    {
        var page = request?.Clone() ?? new ListRunsRequest();
        if (page.Parent.Length == 0) page.Parent = _names.Parent;
        return Pages.ReadAsync<RunSummary>(
            async (token, cancellation) =>
            {
                page.PageToken = token;
                var answer = await Runs.ListRunsAsync(page, cancellationToken: cancellation);
                return (answer.Runs, answer.NextPageToken);
            },
            cancellationToken);
    }

    /// <summary>Stops a run and tells the call that it is making to stop. Again changes nothing.</summary>
    /// <param name="run">The run's name, or its id where the client knows the tenant.</param>
    /// <param name="reason">Why, at most 1,000 characters; it is recorded.</param>
    /// <param name="cancellationToken">Gives up waiting. The run may have been cancelled.</param>
    /// <exception cref="RpcException">The server refused, or nobody answered in time.</exception>
    public async Task<Run> CancelRunAsync(string run, string reason = "", CancellationToken cancellationToken = default) =>
        await Runs.CancelRunAsync(new ControlRunRequest { Name = _names.Of("runs", run), Reason = reason }, cancellationToken: cancellationToken);

    internal static string NewRequestId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}

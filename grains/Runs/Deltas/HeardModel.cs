using AgentRuntime.Agents;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.State;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Runs.Deltas;

/// <summary>Makes one model call while the run's followers hear what it says.</summary>
internal sealed class HeardModel
{
    private readonly ModelCaller _model;
    private readonly DeltaFollowers _followers;
    private readonly Action<string> _onText;

    public HeardModel(ModelCaller model, DeltaFollowers followers, TimeProvider time)
    {
        (_model, _followers) = (model, followers);
        _onText = text => followers.Say(text, time.GetUtcNow());
    }

    public async Task<ModelOutcome> CallAsync(
        RunState state, AgentDefinition definition, List<AITool> tools, RunDecisionPoint point, CancellationTokenSource stop)
    {
        _followers.Begin(point.Step, point.Attempt);
        try
        {
            return await _model.CallAsync(state, definition, tools, point, stop, _onText);
        }
        finally
        {
            _followers.End();
        }
    }

    /// <summary>Has a part of the conversation summarised. Nobody hears it.</summary>
    public Task<ModelOutcome> SummarizeAsync(
        RunState state, AgentDefinition definition, SummaryRequest request, RunDecisionPoint point, CancellationTokenSource stop) =>
        _model.SummarizeAsync(state, definition, request, point, stop);
}

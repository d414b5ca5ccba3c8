using System.Text;
using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Models;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Runs.Driving;

/// <summary>Makes one model call within its bounds. It never repeats a call by itself.</summary>
internal sealed class ModelCaller(ModelRegistry models, AgentClearances clearances, TimeProvider time)
{
    public async Task<ModelOutcome> CallAsync(
        RunState state, AgentDefinition definition, List<AITool> tools, RunDecisionPoint point, CancellationTokenSource stop)
    {
        var model = state.Start.Model;
        Task<ChatResponse>? call = null;
        try
        {
            clearances.RequireModel(AgentId.Parse(state.Start.Agent), definition);
            call = models.Get(model).GetResponseAsync(state.Window.ToMessages(), new ChatOptions { Tools = tools }, stop.Token);
            // A model that ignores its token must not hold the run; one that answers at once costs no timer.
            var response = call.IsCompleted
                ? await call
                : await call.WaitAsync(TimeSpan.FromSeconds(definition.Limits.ModelTimeoutSeconds), time, stop.Token);
            return new ModelOutcome.Replied(Read(response, model, point));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new ModelOutcome.Failed(ErrorCode.Cancelled, $"model {model}: the call was cancelled.", IsTransient: false);
        }
        catch (TimeoutException) when (call is { IsCompleted: false })
        {
            await stop.CancelAsync();
            return new ModelOutcome.Failed(
                ErrorCode.Timeout, $"model {model}: no answer within {definition.Limits.ModelTimeoutSeconds} s (modelTimeoutSeconds).", IsTransient: true);
        }
        catch (AgentRuntimeException failure)
        {
            return new ModelOutcome.Failed(failure.Code, failure.Message, failure.IsTransient);
        }
        catch (Exception failure)
        {
            // What a vendor's client throws may hold a prompt, so only its kind is recorded.
            return new ModelOutcome.Failed(ErrorCode.ModelFailed, $"model {model}: failed with {failure.GetType().Name}.", IsTransient: true);
        }
    }

    private static ModelReplied Read(ChatResponse response, string model, RunDecisionPoint point)
    {
        var calls = new List<RequestedCall>();
        string? text = null;
        StringBuilder? longer = null;
        foreach (var message in response.Messages)
        {
            foreach (var content in message.Contents)
            {
                if (content is FunctionCallContent call) calls.Add(CallArguments.Read(call, calls.Count));
                else if (content is not TextContent part) continue;
                else if (text is null) text = part.Text;
                else (longer ??= new StringBuilder(text)).Append(part.Text);
            }
        }

        return new ModelReplied(
            point.Step,
            point.Attempt,
            model,
            longer?.ToString() ?? (string.IsNullOrEmpty(text) ? null : text),
            calls,
            response.Usage?.InputTokenCount ?? 0,
            response.Usage?.OutputTokenCount ?? 0,
            NeedsPerson: response.FinishReason == FinishReasons.Handover && calls.Count == 0);
    }
}

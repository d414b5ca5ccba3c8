using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Models;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Runs.Driving;

/// <summary>Makes one model call within its bounds. It never repeats a call by itself.</summary>
internal sealed class ModelCaller(ModelRegistry models, AgentClearances clearances, ModelInstruments instruments, TimeProvider time)
{
    /// <summary>Has the model take its turn.</summary>
    /// <param name="state">Whose turn it is.</param>
    /// <param name="definition">The run's definition.</param>
    /// <param name="tools">What the model is shown.</param>
    /// <param name="point">Which attempt this is.</param>
    /// <param name="stop">Ends the call.</param>
    /// <param name="onText">
    /// Hears each piece of text as it comes, on the run's activation, and nothing once the call is given up. What it heard is void unless the
    /// outcome is a reply. Null for nobody.
    /// </param>
    public Task<ModelOutcome> CallAsync(
        RunState state, AgentDefinition definition, List<AITool> tools, RunDecisionPoint point, CancellationTokenSource stop, Action<string>? onText = null) =>
        AskAsync(new Question(state, definition, state.Window.ToMessages(), new ChatOptions { Tools = tools }, point), stop, onText);

    /// <summary>Has the agent's model write a summary.</summary>
    public Task<ModelOutcome> SummarizeAsync(
        RunState state, AgentDefinition definition, SummaryRequest request, RunDecisionPoint point, CancellationTokenSource stop) =>
        AskAsync(new Question(state, definition, request.ToMessages(), new ChatOptions { MaxOutputTokens = request.MaxTokens }, point), stop, onText: null);

    private Task<ModelOutcome> AskAsync(Question question, CancellationTokenSource stop, Action<string>? onText) =>
        instruments.IsListening ? WatchAsync(question, stop, onText) : AttemptAsync(question, stop, onText);

    private async Task<ModelOutcome> WatchAsync(Question question, CancellationTokenSource stop, Action<string>? onText)
    {
        var model = question.State.Start.Model;
        var provider = models.ProviderOf(model);
        using var span = ModelSpans.Begin(provider, model, question.State.Trace);
        var since = time.GetTimestamp();
        ModelOutcome? outcome = null;
        try
        {
            return outcome = await AttemptAsync(question, stop, onText);
        }
        finally
        {
            var failure = outcome is null ? ErrorCode.Internal : (outcome as ModelOutcome.Failed)?.Code;
            instruments.Called(provider, model, time.GetElapsedTime(since), failure);
            if (failure is { } code) ModelSpans.Failed(span, code);
            if (outcome is ModelOutcome.Replied { Reply: var reply })
            {
                instruments.Used(provider, model, reply.InputTokens, reply.OutputTokens);
                ModelSpans.Replied(span, reply.InputTokens, reply.OutputTokens, reply.Calls.Count > 0);
            }
        }
    }

    private async Task<ModelOutcome> AttemptAsync(Question question, CancellationTokenSource stop, Action<string>? onText)
    {
        var model = question.State.Start.Model;
        var limits = question.Definition.Limits;
        Task<StreamedReply>? call = null;
        try
        {
            clearances.RequireModel(AgentId.Parse(question.State.Start.Agent), question.Definition);
            var updates = models.Get(model).GetStreamingResponseAsync(question.Messages, question.Options, stop.Token);
            call = StreamedReply.ReadAsync(updates, limits.MaxPayloadBytes, onText, stop.Token);
            // A model that ignores its token must not hold the run; one that answers at once costs no timer.
            var reply = call.IsCompleted ? await call : await call.WaitAsync(TimeSpan.FromSeconds(limits.ModelTimeoutSeconds), time, stop.Token);
            return new ModelOutcome.Replied(Read(reply, model, question.Point), CutOff(reply, model));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new ModelOutcome.Failed(ErrorCode.Cancelled, $"model {model}: the call was cancelled.", IsTransient: false);
        }
        catch (TimeoutException) when (call is { IsFaulted: false })
        {
            await stop.CancelAsync();
            return new ModelOutcome.Failed(
                ErrorCode.Timeout, $"model {model}: no answer within {limits.ModelTimeoutSeconds} s (modelTimeoutSeconds).", IsTransient: true);
        }
        catch (AgentRuntimeException failure)
        {
            return new ModelOutcome.Failed(failure.Code, failure.Message, failure.IsTransient, failure.RetryAfter);
        }
        catch (Exception failure)
        {
            // What a vendor's client throws may hold a prompt, so only its kind is recorded.
            return new ModelOutcome.Failed(ErrorCode.ModelFailed, $"model {model}: failed with {failure.GetType().Name}.", IsTransient: true);
        }
    }

    // Calls that are whole are made: what the model has to say comes after them.
    private static string? CutOff(StreamedReply reply, string model) => reply.Calls.Count > 0 ? null : reply.FinishReason?.Value switch
    {
        "length" => $"model {model}: its answer was cut off at the most tokens that it may produce. Allow more, or ask for less.",
        "content_filter" => $"model {model}: its answer was withheld by a content filter.",
        _ => null,
    };

    private static ModelReplied Read(StreamedReply reply, string model, RunDecisionPoint point)
    {
        var calls = new RequestedCall[reply.Calls.Count];
        for (var i = 0; i < calls.Length; i++) calls[i] = CallArguments.Read(reply.Calls[i], i);
        return new ModelReplied(
            point.Step,
            point.Attempt,
            model,
            reply.Text,
            calls,
            reply.InputTokens,
            reply.OutputTokens,
            NeedsPerson: reply.FinishReason == FinishReasons.Handover && calls.Length == 0);
    }

    private readonly record struct Question(RunState State, AgentDefinition Definition, List<ChatMessage> Messages, ChatOptions Options, RunDecisionPoint Point);
}

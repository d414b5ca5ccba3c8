using System.Globalization;
using System.Text;
using AgentRuntime.Chaos.Kill.Effects;
using AgentRuntime.Chaos.Kill.Script;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;

namespace AgentRuntime.Chaos.Kill.Host;

/// <summary>Calls the recorder of effects, and marks the time of the call and the time after its effect.</summary>
internal sealed class EffectTool(HttpClient recorder, PhaseFile phases, int seed)
{
    private const int MaxPauseMs = 10;

    public FunctionTool For(ScriptTool tool) =>
        new(tool.Name, "Does what the script says.", tool.Risk, tool.Effect, ScriptCall.Schema, null, InvokeAsync);

    private async ValueTask<ToolOutcome> InvokeAsync(ToolInvocation invocation, CancellationToken cancellation)
    {
        var call = ScriptCall.Parse(invocation.Arguments);
        var answer = await WithinAsync(Phase.InCall, async () =>
        {
            // Begun and not yet sent: a kill in here leaves a call that never happened.
            await Task.Delay(Pause(call, invocation, 6), cancellation);
            return await SendAsync(invocation, cancellation);
        });
        await WithinAsync(Phase.AfterEffect, async () =>
        {
            await Task.Delay(Pause(call, invocation, 7), CancellationToken.None);
            return answer;
        });
        return new ToolOutcome.Succeeded(answer, IsJson: true);
    }

    private async Task<string> SendAsync(ToolInvocation invocation, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "call")
        {
            Content = new StringContent(invocation.Arguments.GetRawText(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add(EffectsVerb.KeyHeader, invocation.IdempotencyKey);
        request.Headers.Add(EffectsVerb.AttemptHeader, invocation.Attempt.ToString(CultureInfo.InvariantCulture));
        using var response = await recorder.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    private int Pause(ScriptCall call, ToolInvocation invocation, int salt) =>
        Dice.Roll(MaxPauseMs, seed, call.Run, call.Step, call.Call, invocation.Attempt, salt);

    private async Task<T> WithinAsync<T>(Phase phase, Func<Task<T>> work)
    {
        phases.Enter(phase);
        try
        {
            return await work();
        }
        finally
        {
            phases.Leave(phase);
        }
    }
}

using AgentRuntime.Tools;

namespace AgentRuntime.Chaos.Kill.Plants;

/// <summary>Broken: the key differs from attempt to attempt.</summary>
internal sealed class AttemptKeyInvoker(IToolInvoker inner) : IToolInvoker
{
    public bool Serves(ToolInvoker invoker) => inner.Serves(invoker);

    public Task<ToolOutcome> InvokeAsync(ToolInvocation invocation, CancellationToken cancellation) =>
        inner.InvokeAsync(invocation with { IdempotencyKey = $"{invocation.IdempotencyKey}/{invocation.Attempt}" }, cancellation);
}

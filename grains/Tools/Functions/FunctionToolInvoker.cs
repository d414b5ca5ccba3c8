namespace AgentRuntime.Tools.Functions;

/// <summary>Calls functions of the host.</summary>
internal sealed class FunctionToolInvoker(FunctionTools functions) : IToolInvoker
{
    public bool Serves(ToolInvoker invoker) => invoker is FunctionInvoker function && functions.Find(function.Function) is not null;

    public Task<ToolOutcome> InvokeAsync(ToolInvocation invocation, CancellationToken cancellation)
    {
        var name = ((FunctionInvoker)invocation.Tool.Contract.Invoker).Function;
        return functions.Find(name)!.CallAsync(invocation, cancellation).AsTask();
    }
}

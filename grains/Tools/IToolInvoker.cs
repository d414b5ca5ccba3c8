namespace AgentRuntime.Tools;

/// <summary>Makes calls of one kind of tool. Bounded in time and size; stops when told to.</summary>
internal interface IToolInvoker
{
    /// <summary>Whether this invoker serves <paramref name="invoker"/>.</summary>
    bool Serves(ToolInvoker invoker);

    /// <summary>Makes one attempt. Expected failures are outcomes; nothing is sent after the invocation's deadline.</summary>
    Task<ToolOutcome> InvokeAsync(ToolInvocation invocation, CancellationToken cancellation);
}

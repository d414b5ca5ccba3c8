namespace AgentRuntime.Tools;

/// <summary>What the gateway says to a call before it is made.</summary>
internal abstract record ToolVerdict
{
    /// <summary>Make it.</summary>
    public sealed record Allow : ToolVerdict
    {
        public static Allow Instance { get; } = new();
    }

    /// <summary>Do not make it: a rule forbids it.</summary>
    /// <param name="Reason">Why, as the model is told.</param>
    public sealed record Deny(string Reason) : ToolVerdict;

    /// <summary>Do not make it: the arguments are outside the contract. The model may try again with others.</summary>
    /// <param name="Message">What is wrong, as the model is told.</param>
    public sealed record BadArguments(string Message) : ToolVerdict;

    /// <summary>People decide.</summary>
    /// <param name="People">How many must approve, 1 or 2.</param>
    /// <param name="Reason">Why they are asked.</param>
    public sealed record RequireApproval(int People, string Reason) : ToolVerdict;
}

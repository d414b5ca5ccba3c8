namespace AgentRuntime.Client.Functions;

/// <summary>What a model that may call an agent is told of it.</summary>
public sealed class AgentFunctionOptions
{
    /// <summary>The function's name, 1 to 64 of A-Z, a-z, 0-9, '_' and '-'; null makes <c>ask_refunds</c> for agent <c>refunds</c>.</summary>
    public string? Name { get; set; }

    /// <summary>What the agent is good for, which is what makes a model call it; null says only which agent it is.</summary>
    public string? Description { get; set; }

    /// <summary>What the model is to put into the one parameter, <c>input</c>.</summary>
    public string InputDescription { get; set; } = "What the agent is to do, with everything that it needs to know.";
}

namespace AgentRuntime.Common;

/// <summary>An input from outside that was refused. Nothing was changed.</summary>
[GenerateSerializer, Alias("agentruntime.error.invalid-input")]
public sealed class InvalidInputException : AgentRuntimeException
{
    /// <summary>Creates a refusal.</summary>
    /// <param name="field">The culprit, as the caller named it.</param>
    /// <param name="message">What is wrong and how to put it right.</param>
    public InvalidInputException(string field, string message)
        : base(ErrorCode.InvalidArgument, $"{field}: {message}") => Field = field;

    /// <summary>The culprit, as the caller named it.</summary>
    [Id(0)]
    public string Field { get; private set; }
}

using Microsoft.Extensions.AI;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>One call of the model: what it sees.</summary>
internal sealed record ModelTurn(IReadOnlyList<ChatMessage> Messages, ChatOptions Options, CancellationToken Cancellation)
{
    /// <summary>The step that an answer begins, as long as the window shows every step.</summary>
    public int Step => Messages.Count(message => message.Role == ChatRole.Assistant) + 1;

    /// <summary>The results of the newest step as the model reads them.</summary>
    public IReadOnlyList<string> Results =>
        [.. Messages.Reverse().TakeWhile(message => message.Role == ChatRole.Tool).Reverse()
            .SelectMany(message => message.Contents).OfType<FunctionResultContent>().Select(result => (string)result.Result!)];
}

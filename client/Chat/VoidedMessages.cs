using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Chat;

/// <summary>Takes void messages out of a response that was put together from updates.</summary>
public static class VoidedMessages
{
    /// <summary>Removes the messages that hold a <see cref="VoidedMessageContent"/>.</summary>
    /// <param name="response">What <c>ToChatResponse</c> made of the updates of a stream.</param>
    /// <returns>The same response.</returns>
    public static ChatResponse RemoveVoided(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        for (var at = response.Messages.Count - 1; at >= 0; at--)
        {
            if (response.Messages[at].Contents.OfType<VoidedMessageContent>().Any()) response.Messages.RemoveAt(at);
        }

        return response;
    }
}

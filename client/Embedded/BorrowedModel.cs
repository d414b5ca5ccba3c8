using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Embedded;

/// <summary>A model that belongs to the program: the runtime, which disposes its models, leaves it alone.</summary>
internal sealed class BorrowedModel(IChatClient model) : DelegatingChatClient(model)
{
#pragma warning disable CA2215 // The base would dispose the program's model.
    protected override void Dispose(bool disposing)
#pragma warning restore CA2215
    {
    }
}

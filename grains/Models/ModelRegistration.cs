using Microsoft.Extensions.AI;

namespace AgentRuntime.Models;

/// <summary>A model that the host offers.</summary>
/// <param name="Name">The name that definitions use.</param>
/// <param name="DataClasses">The classes of data it may see.</param>
/// <param name="Create">Makes the client, once, at first use. It is used concurrently.</param>
internal sealed record ModelRegistration(string Name, IReadOnlyList<string> DataClasses, Func<IServiceProvider, IChatClient> Create);

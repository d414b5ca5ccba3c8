using Microsoft.Extensions.AI;

namespace AgentRuntime.Models;

/// <summary>A model that the host offers.</summary>
/// <param name="Name">The name that definitions use.</param>
/// <param name="DataClasses">The classes of data it may see.</param>
/// <param name="Create">Makes the client at first use, until it succeeds once. It is used concurrently.</param>
/// <param name="Asks">The registered name of the model that it passes requests on to; null when it answers itself.</param>
internal sealed record ModelRegistration(
    string Name, IReadOnlyList<string> DataClasses, Func<IServiceProvider, IChatClient> Create, string? Asks = null);

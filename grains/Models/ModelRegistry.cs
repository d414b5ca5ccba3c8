using AgentRuntime.Agents;
using AgentRuntime.Common;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Models;

/// <summary>The models of this host by name. Every silo of a cluster registers the same ones.</summary>
internal sealed class ModelRegistry : IModelCatalog, IDisposable
{
    public const int MaxModels = 1_000;

    /// <summary>The provider of models that name none: those of the runtime and of its host.</summary>
    private const string OwnProvider = "agentruntime";

    private const string UnknownProvider = "unknown";

    private readonly Dictionary<string, Registered> _models = new(StringComparer.Ordinal);

    public ModelRegistry(IEnumerable<ModelRegistration> registrations, IServiceProvider services)
    {
        foreach (var registration in registrations)
        {
            IdFormat.Require(registration.Name, "model name");
            foreach (var dataClass in registration.DataClasses) IdFormat.Require(dataClass, $"data class of model {registration.Name}");
            if (_models.Count >= MaxModels) throw new InvalidInputException("models", $"must be at most {MaxModels}.");
            if (!_models.TryAdd(registration.Name, new Registered(registration, services)))
                throw new AgentRuntimeException(ErrorCode.AlreadyExists, $"model {registration.Name}: is registered twice. Give one another name.");
        }

        foreach (var registered in _models.Values) RequireCleared(registered.Registration);
        Names = [.. _models.Keys.Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Names { get; }

    public ModelClearance? Find(string model) => _models.GetValueOrDefault(model)?.Clearance;

    /// <summary>The client of a model.</summary>
    /// <exception cref="AgentRuntimeException">NotFound, naming the model and those there are.</exception>
    public IChatClient Get(string model) => _models.TryGetValue(model, out var registered)
        ? registered.Client
        : throw new AgentRuntimeException(
            ErrorCode.NotFound, $"model {model}: is not registered. Registered: {(Names.Count == 0 ? "none" : string.Join(", ", Names))}.");

    /// <summary>Who serves a model, as its client says. Never fails: that a client cannot be made is for the call to tell.</summary>
    public string ProviderOf(string model)
    {
        try
        {
            return _models.GetValueOrDefault(model)?.Client.GetService<ChatClientMetadata>()?.ProviderName ?? OwnProvider;
        }
        catch (Exception)
        {
            return UnknownProvider;
        }
    }

    public void Dispose()
    {
        foreach (var model in _models.Values)
            model.Dispose();
    }

    // What a model passes on is seen by the one that it asks.
    private void RequireCleared(ModelRegistration registration)
    {
        if (registration.Asks is not { } asked) return;
        if (!_models.TryGetValue(asked, out var other))
            throw new InvalidInputException($"model {registration.Name}", $"asks model {asked}, which is not registered.");
        if (other.Registration.Asks is not null)
            throw new InvalidInputException($"model {registration.Name}", $"asks model {asked}, which asks another one itself. Name the model that answers.");
        if (registration.DataClasses.FirstOrDefault(dataClass => !other.Registration.DataClasses.Contains(dataClass)) is { } missing)
            throw new InvalidInputException($"model {registration.Name}", $"is cleared for {missing}, but {asked}, which answers, is not.");
    }

    private sealed class Registered(ModelRegistration registration, IServiceProvider services) : IDisposable
    {
        private readonly Lock _gate = new();
        private volatile IChatClient? _client;

        public ModelRegistration Registration => registration;

        public ModelClearance Clearance { get; } = new(registration.Name, registration.DataClasses);

        /// <summary>The client. One that could not be made is made when it is asked for next.</summary>
        public IChatClient Client
        {
            get
            {
                if (_client is { } made) return made;
                lock (_gate) return _client ??= registration.Create(services);
            }
        }

        public void Dispose() => _client?.Dispose();
    }
}

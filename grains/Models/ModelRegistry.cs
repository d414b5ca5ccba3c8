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

        Names = [.. _models.Keys.Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Names { get; }

    public ModelClearance? Find(string model) => _models.GetValueOrDefault(model)?.Clearance;

    /// <summary>The client of a model.</summary>
    /// <exception cref="AgentRuntimeException">NotFound, naming the model and those there are.</exception>
    public IChatClient Get(string model) => _models.TryGetValue(model, out var registered)
        ? registered.Client.Value
        : throw new AgentRuntimeException(
            ErrorCode.NotFound, $"model {model}: is not registered. Registered: {(Names.Count == 0 ? "none" : string.Join(", ", Names))}.");

    /// <summary>Who serves a model, as its client says.</summary>
    public string ProviderOf(string model) =>
        _models.GetValueOrDefault(model)?.Client.Value.GetService<ChatClientMetadata>()?.ProviderName ?? OwnProvider;

    public void Dispose()
    {
        foreach (var model in _models.Values)
            if (model.Client.IsValueCreated) model.Client.Value.Dispose();
    }

    private sealed class Registered(ModelRegistration registration, IServiceProvider services)
    {
        public ModelClearance Clearance { get; } = new(registration.Name, registration.DataClasses);

        public Lazy<IChatClient> Client { get; } = new(() => registration.Create(services));
    }
}

using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Hosting;
using AgentRuntime.Models;
using AgentRuntime.Models.OpenAI;
using AgentRuntime.Models.Recordings;
using AgentRuntime.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Client.Embedded;

/// <summary>
/// What a program brings to the runtime that it hosts. All of it is checked here, at once: what is wrong stops the program before it starts, and
/// the message names the culprit. Every process on one data folder brings the same.
/// </summary>
public sealed class AgentRuntimeSetup
{
    private readonly DeclaredTools _tools = new();
    private readonly Dictionary<AgentId, AgentDefinition> _agents = [];
    private readonly List<(string Name, Func<IServiceProvider, IChatClient> Create, string[] DataClasses)> _models = [];
    private readonly ServiceCollection _siloModels = [];
    private readonly HashSet<string> _modelNames = new(StringComparer.Ordinal);
    private string? _dataFolder;
    private bool _usesFreePorts;

    internal AgentRuntimeSetup(TenantId tenant) => Tenant = tenant;

    internal TenantId Tenant { get; }

    internal DeclaredTools Tools => _tools;

    internal IReadOnlyDictionary<AgentId, AgentDefinition> Agents => _agents;

    /// <summary>
    /// Adds a method as a tool. It carries <c>[Description]</c>, <c>[ToolRisk]</c> and <c>[ToolEffect]</c>; its parameters become the schema of the
    /// arguments, one of type <see cref="ToolCallContext"/> gets the call and one of type <see cref="IServiceProvider"/> the services of it.
    /// </summary>
    /// <param name="method">A static method, or one of an object that serves all calls, several at a time.</param>
    /// <param name="name">The tool's name, 1 to 64 characters of a-z, 0-9 and '-'. Null makes <c>find-order</c> from <c>FindOrderAsync</c>.</param>
    /// <param name="dataClasses">The classes of data that it may see.</param>
    /// <exception cref="InvalidInputException">An attribute is missing or the contract cannot be; the message names class and method.</exception>
    public AgentRuntimeSetup AddTool(Delegate method, string? name = null, params string[] dataClasses)
    {
        ArgumentNullException.ThrowIfNull(method);
        _tools.Add(method, name, dataClasses);
        return this;
    }

    /// <summary>Adds a function that comes from elsewhere, with what its attributes would say stated here.</summary>
    /// <param name="function">The function; it serves several calls at a time.</param>
    /// <param name="risk">How much harm it can do.</param>
    /// <param name="effect">What may happen to a call whose outcome a crash hides.</param>
    /// <param name="dataClasses">The classes of data that it may see.</param>
    /// <exception cref="InvalidInputException">The contract cannot be; the message names the function.</exception>
    public AgentRuntimeSetup AddTool(AIFunction function, RiskLevel risk, EffectClass effect, params string[] dataClasses)
    {
        ArgumentNullException.ThrowIfNull(function);
        _tools.Add(function, risk, effect, dataClasses);
        return this;
    }

    /// <summary>
    /// Adds as tools the public methods of a class that carry any of the three attributes; each then needs all of them. The class is made anew for
    /// each call, from the host's services, in a scope of its own.
    /// </summary>
    /// <param name="dataClasses">The classes of data that they may see.</param>
    /// <exception cref="InvalidInputException">The class has no such method, cannot be made, or one of them is not accepted.</exception>
    public AgentRuntimeSetup AddTools<T>(params string[] dataClasses)
        where T : class
    {
        _tools.Add(typeof(T), dataClasses);
        return this;
    }

    /// <summary>Adds a model by name. The runtime does not dispose it.</summary>
    /// <param name="name">The name that agents use, 1 to 64 characters of a-z, 0-9 and '-'.</param>
    /// <param name="model">The model; it serves several runs at a time.</param>
    /// <param name="dataClasses">The classes of data that it may see.</param>
    /// <exception cref="InvalidInputException">The name is malformed or there twice.</exception>
    public AgentRuntimeSetup AddModel(string name, IChatClient model, params string[] dataClasses)
    {
        ArgumentNullException.ThrowIfNull(model);
        return AddModel(name, _ => new BorrowedModel(model), dataClasses);
    }

    /// <summary>Adds a model by name, made once from the host's services at its first use and disposed with the host.</summary>
    /// <param name="name">The name that agents use, 1 to 64 characters of a-z, 0-9 and '-'.</param>
    /// <param name="create">Makes the model; it serves several runs at a time.</param>
    /// <param name="dataClasses">The classes of data that it may see.</param>
    /// <exception cref="InvalidInputException">The name is malformed or there twice.</exception>
    public AgentRuntimeSetup AddModel(string name, Func<IServiceProvider, IChatClient> create, params string[] dataClasses)
    {
        ArgumentNullException.ThrowIfNull(create);
        _models.Add((NewModel(name), create, dataClasses));
        return this;
    }

    /// <summary>
    /// Adds a model behind an endpoint that speaks OpenAI's chat completions: OpenAI itself, Ollama, vLLM and others. Everything else about it can
    /// be set in section <c>AgentRuntime:Models:OpenAI</c> of the configuration instead.
    /// </summary>
    /// <param name="name">The name that agents use, 1 to 64 characters of a-z, 0-9 and '-'.</param>
    /// <param name="endpoint">Base address with its version, such as <c>http://127.0.0.1:11434/v1</c>. A key is sent over https or to loopback only.</param>
    /// <param name="model">The model as the endpoint calls it.</param>
    /// <param name="apiKeyVariable">The environment variable that holds the key, read at each call. Null for no key.</param>
    /// <param name="dataClasses">The classes of data that it may see.</param>
    /// <exception cref="InvalidInputException">An argument is wrong; the message names it.</exception>
    public AgentRuntimeSetup AddOpenAIModel(string name, string endpoint, string model, string? apiKeyVariable = null, params string[] dataClasses)
    {
        _siloModels.AddOpenAIModel(NewModel(name), options =>
        {
            (options.Endpoint, options.Model, options.ApiKeyVariable) = (endpoint, model, apiKeyVariable);
            foreach (var dataClass in dataClasses) options.DataClasses.Add(dataClass);
        });
        return this;
    }

    /// <summary>
    /// Adds another name for a model and writes down what it is asked and answers by that name, so that <see cref="AddReplayModel"/> can take its
    /// place in a test. The file holds conversations in clear text, only its owner can read it, and it grows to 64 MiB at most.
    /// </summary>
    /// <param name="name">The name that agents use, 1 to 64 characters of a-z, 0-9 and '-'.</param>
    /// <param name="of">The name of the model that answers.</param>
    /// <param name="path">The file; what it holds is kept. One process writes it at a time.</param>
    /// <param name="dataClasses">The classes of data that it may see.</param>
    /// <exception cref="InvalidInputException">An argument is wrong; the message names it.</exception>
    public AgentRuntimeSetup AddRecordedModel(string name, string of, string path, params string[] dataClasses)
    {
        _siloModels.AddRecordedModel(NewModel(name), of, Path.GetFullPath(path), dataClasses: dataClasses);
        return this;
    }

    /// <summary>
    /// Adds a recording as a model: it reaches none, and the same requests get the same answers. A request that was not recorded fails its run
    /// with the place where it differs from the nearest one that was.
    /// </summary>
    /// <param name="name">The name that agents use; by the name it was recorded with, the run's journal is the same.</param>
    /// <param name="path">The file, read here.</param>
    /// <param name="dataClasses">The classes of data that it may see.</param>
    /// <exception cref="InvalidInputException">There is no such file, or it is no recording; the message names it.</exception>
    public AgentRuntimeSetup AddReplayModel(string name, string path, params string[] dataClasses)
    {
        _siloModels.AddReplayModel(NewModel(name), Path.GetFullPath(path), dataClasses);
        return this;
    }

    /// <summary>Declares an agent. It is applied when the host starts; the same content again makes no new version.</summary>
    /// <param name="name">Its name, 1 to 64 characters of a-z, 0-9 and '-'.</param>
    /// <param name="agent">What it is.</param>
    /// <exception cref="InvalidInputException">A part is out of bounds, or the name is there twice.</exception>
    public AgentRuntimeSetup AddAgent(string name, AgentDeclaration agent)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return AddAgent(AgentId.Parse(name, "agent"), agent.ToDefinition());
    }

    /// <summary>Declares the agents of a YAML text, documents of kind <c>Agent</c> as <c>agentctl agent apply</c> takes them.</summary>
    /// <param name="yaml">The text, not a path.</param>
    /// <exception cref="InvalidInputException">The text is refused; the message begins with line and column.</exception>
    public AgentRuntimeSetup AddAgents(string yaml)
    {
        foreach (var manifest in AgentManifest.Parse(yaml)) AddAgent(manifest.Agent, manifest.Definition);
        return this;
    }

    /// <summary>Keeps everything in this folder instead of the one that configuration <c>AgentRuntime:Silo:DataFolder</c> names, or <c>.agentruntime</c>.</summary>
    /// <param name="path">The folder, made if it is not there; relative to the current folder.</param>
    public AgentRuntimeSetup UseDataFolder(string path)
    {
        _dataFolder = path;
        return this;
    }

    /// <summary>Listens on three free ports instead of the usual ones, so that several hosts run side by side, as in tests.</summary>
    public AgentRuntimeSetup UseFreePorts()
    {
        _usesFreePorts = true;
        return this;
    }

    internal void ApplyTo(SiloHostOptions options)
    {
        options.DataFolder = _dataFolder ?? options.DataFolder;
        if (_usesFreePorts) (options.GrpcPort, options.HttpPort, options.SiloPort) = (0, 0, 0);
    }

    /// <summary>Adds tools and models to the silo.</summary>
    internal void ApplyTo(IServiceCollection silo, IServiceProvider host)
    {
        _tools.ApplyTo(silo, host);
        foreach (var (name, create, dataClasses) in _models) silo.AddModel(name, _ => create(host), dataClasses);
        foreach (var model in _siloModels.Where(static service => service.ServiceType == typeof(ModelRegistration))) silo.Add(model);
    }

    private string NewModel(string name) => _modelNames.Add(IdFormat.Require(name, "model"))
        ? name
        : throw new InvalidInputException($"model '{name}'", "is there twice; give one of them another name.");

    private AgentRuntimeSetup AddAgent(AgentId agent, AgentDefinition definition)
    {
        try
        {
            return _agents.TryAdd(agent, AgentDefinitionRules.Normalise(definition))
                ? this
                : throw new InvalidInputException("name", "is there twice; give one of them another.");
        }
        catch (InvalidInputException refused)
        {
            throw new InvalidInputException($"agent {agent}", refused.Message);
        }
    }
}

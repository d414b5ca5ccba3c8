namespace AgentRuntime.Agents;

/// <summary>What a definition needs to know about models. Implemented by the models slice.</summary>
internal interface IModelCatalog
{
    /// <summary>The model with this registered name, or null when there is none.</summary>
    ModelClearance? Find(string model);

    /// <summary>The registered names, in order.</summary>
    IReadOnlyList<string> Names { get; }
}

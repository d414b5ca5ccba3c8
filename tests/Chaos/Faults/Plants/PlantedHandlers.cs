namespace AgentRuntime.Chaos.Faults.Plants;

/// <summary>Puts a broken part on the line.</summary>
internal static class PlantedHandlers
{
    /// <summary>What a provider would do wrong, seen from AWS: it meets faults as the provider does.</summary>
    public static HttpMessageHandler AboveFaults(string? plant, HttpMessageHandler inner) => plant switch
    {
        FaultsPlant.NoWriteId => new NoWriteIdHandler(inner),
        FaultsPlant.IgnoreUnprocessed => new IgnoreUnprocessedHandler(inner),
        _ => inner,
    };

    /// <summary>What happens whatever becomes of the answer.</summary>
    public static HttpMessageHandler BelowFaults(string? plant, HttpMessageHandler inner) => plant == FaultsPlant.DeleteFirst ? new DeleteFirstHandler(inner) : inner;
}

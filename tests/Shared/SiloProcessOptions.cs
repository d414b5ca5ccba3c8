namespace AgentRuntime.Testing;

/// <summary>How a silo process is started. A silo that is started again with the same options comes back on the same ports.</summary>
internal sealed record SiloProcessOptions(string DataFolder, int GrpcPort, int HttpPort, int SiloPort)
{
    /// <summary>The program to run; by default the silo itself.</summary>
    public string Program { get; init; } = Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Silo.dll");

    /// <summary>The verb that runs the silo, where the program has several.</summary>
    public IReadOnlyList<string> Verb { get; init; } = [];

    /// <summary>More arguments, after those for folder and ports.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>More environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>On three free ports.</summary>
    public static SiloProcessOptions OnFreePorts(string dataFolder)
    {
        var ports = FreePorts.Take(3);
        return new SiloProcessOptions(dataFolder, ports[0], ports[1], ports[2]);
    }
}

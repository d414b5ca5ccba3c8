namespace AgentRuntime.Mcp.Children;

/// <summary>What is started: all of it from the platform's configuration.</summary>
/// <param name="Command">Program and arguments.</param>
/// <param name="Folder">Where it starts.</param>
/// <param name="Environment">All its variables.</param>
/// <param name="Uid">Its user; null for the silo's own.</param>
internal sealed record ServerLaunch(IReadOnlyList<string> Command, string Folder, IReadOnlyDictionary<string, string> Environment, int? Uid)
{
    // Variables may hold secrets.
    public override string ToString() => Command[0];
}

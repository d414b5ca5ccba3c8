using AgentRuntime.Tools;

namespace AgentRuntime.Mcp.Importing;

/// <summary>What became of each tool in a server's list.</summary>
internal sealed record ImportReport(IReadOnlyList<ImportedTool> Imported, IReadOnlyList<RefusedTool> Refused);

/// <param name="Version">The version that the server's entry has become or was before.</param>
/// <param name="IsNew">Whether this import made it.</param>
internal sealed record ImportedTool(ToolVersion Version, bool IsNew);

/// <param name="WireName">The tool as its server calls it.</param>
/// <param name="Reason">The culprit, a keyword of a schema or the other tool, and the fix.</param>
internal sealed record RefusedTool(string WireName, string Reason);

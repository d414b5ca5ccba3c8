using System.Text.Json.Serialization.Metadata;

namespace AgentRuntime.Runs.Journal;

/// <summary>How one leaf of the record hierarchy is written.</summary>
internal sealed record RecordType(string Alias, ushort Version, ushort MinReader, JsonTypeInfo Json);

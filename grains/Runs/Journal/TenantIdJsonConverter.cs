using System.Text.Json;
using System.Text.Json.Serialization;
using AgentRuntime.Common;

namespace AgentRuntime.Runs.Journal;

/// <summary>Writes a tenant id as its text.</summary>
internal sealed class TenantIdJsonConverter : JsonConverter<TenantId>
{
    public override TenantId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TenantId.Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, TenantId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using AgentRuntime.Approvals;

namespace AgentRuntime.Embedded.Journal;

/// <summary>How an approval lies in the inbox.</summary>
[JsonSourceGenerationOptions(Converters = [typeof(ApprovalIdConverter)])]
[JsonSerializable(typeof(ApprovalView))]
internal sealed partial class ApprovalJson : JsonSerializerContext;

internal sealed class ApprovalIdConverter : JsonConverter<ApprovalId>
{
    public override ApprovalId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ApprovalId.Parse(reader.GetString());

    public override void Write(Utf8JsonWriter writer, ApprovalId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

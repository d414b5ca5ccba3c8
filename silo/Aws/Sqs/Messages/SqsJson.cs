using System.Text.Json.Serialization;

namespace AgentRuntime.Aws.Sqs.Messages;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SqsEnvelope))]
internal sealed partial class SqsJson : JsonSerializerContext;

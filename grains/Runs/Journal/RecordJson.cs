using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Journal;

/// <summary>JSON of the payloads: readable by people and other programs, written without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true,
    Converters = [typeof(TenantIdJsonConverter)])]
[JsonSerializable(typeof(RunStarted))]
[JsonSerializable(typeof(Forked))]
[JsonSerializable(typeof(InputReceived))]
[JsonSerializable(typeof(ModelReplied))]
[JsonSerializable(typeof(ContextSummarized))]
[JsonSerializable(typeof(AttemptFailed))]
[JsonSerializable(typeof(AttemptLost))]
[JsonSerializable(typeof(ToolDecided))]
[JsonSerializable(typeof(ToolStarted))]
[JsonSerializable(typeof(ToolReturned))]
[JsonSerializable(typeof(ApprovalRequested))]
[JsonSerializable(typeof(ApprovalDecided))]
[JsonSerializable(typeof(ApprovalExpired))]
[JsonSerializable(typeof(LimitReached))]
[JsonSerializable(typeof(RunPaused))]
[JsonSerializable(typeof(RunResumed))]
[JsonSerializable(typeof(RunRestored))]
[JsonSerializable(typeof(CancelRequested))]
[JsonSerializable(typeof(KillRequested))]
[JsonSerializable(typeof(RunCompleted))]
[JsonSerializable(typeof(RunFailed))]
[JsonSerializable(typeof(RunCancelled))]
internal sealed partial class RecordJson : JsonSerializerContext
{
    // The payload is never embedded in HTML, so that base64 and text stay as they are.
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

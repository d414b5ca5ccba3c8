using System.Text.Json;
using AgentRuntime.Cli.Output;

namespace AgentRuntime.Cli.Runs;

/// <summary>The fields of a record's payload. One that is absent is empty or 0, as the record's form has it.</summary>
internal readonly struct RecordFields(JsonElement payload)
{
    public string this[string name] => payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    public bool Has(string name) => payload.TryGetProperty(name, out _);

    public bool Is(string name) => payload.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public long Number(string name) => payload.TryGetProperty(name, out var value) && value.TryGetInt64(out var number) ? number : 0;

    /// <summary>A person or service without its issuer.</summary>
    public string Who(string name) => Words.Identity(this[name]);

    public string Requester()
    {
        if (!payload.TryGetProperty("requester", out var requester)) return "?";
        var fields = new RecordFields(requester);
        return fields["person"] is { Length: > 0 } person ? person : $"{fields["subject"]} (service)";
    }

    public IEnumerable<(string Name, string Arguments)> Calls() => payload.TryGetProperty("calls", out var calls)
        ? calls.EnumerateArray().Select(call => (new RecordFields(call)["name"], call.TryGetProperty("arguments", out var arguments) ? arguments.GetRawText() : ""))
        : [];
}

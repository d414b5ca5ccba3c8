using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Client.Chat;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Client.Functions;

/// <summary>An agent as a function with one string parameter: each call is a run.</summary>
internal sealed class AgentFunction(AgentRuntimeClient client, string agent, AgentFunctionOptions options) : AIFunction
{
    private const string Input = "input";
    private static readonly JsonElement Answer = JsonElement.Parse("""{"type":"string"}""");

    private readonly JsonElement _schema = SchemaOf(options.InputDescription);

    public override string Name { get; } = options.Name ?? $"ask_{ResourceNames.IdOf(agent).Replace('-', '_')}";

    public override string Description { get; } = options.Description ?? $"Asks agent {ResourceNames.IdOf(agent)} and returns its answer.";

    public override JsonElement JsonSchema => _schema;

    public override JsonElement? ReturnJsonSchema => Answer;

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var input = arguments.TryGetValue(Input, out var given) ? Text(given) : null;
        if (string.IsNullOrEmpty(input)) throw new ArgumentException($"{Name}: {Input} must be a text that is not empty.", nameof(arguments));
        var run = (await client.StartRunAsync(agent, input, cancellationToken: cancellationToken)).Name;
        var reading = new RunReading(run, TurnBegin.AtFirst);
        await foreach (var record in client.WatchRunAsync(run, afterSeq: null, cancellationToken))
        {
            reading.Take(record);
            if (reading.WaitsForInput) return $"{reading.Reply!.Text}\n(The agent handed over to a person; its run {ResourceNames.IdOf(run)} waits for one.)";
        }

        return reading.Output ?? "";
    }

    private static string? Text(object? given) => given switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } json => json.GetString(),
        JsonValue json when json.TryGetValue(out string? text) => text,
        _ => null,
    };

    private static JsonElement SchemaOf(string description) => JsonSerializer.SerializeToElement(new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { [Input] = new JsonObject { ["type"] = "string", ["description"] = description } },
        ["required"] = new JsonArray(Input),
        ["additionalProperties"] = false,
    });
}

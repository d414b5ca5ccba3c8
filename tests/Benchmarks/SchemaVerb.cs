using System.CommandLine;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AgentRuntime.Tools.JsonSchema;

namespace AgentRuntime.Benchmarks;

/// <summary>How many documents one core checks against a schema, as the arguments of a tool are: parsed, objects closed.</summary>
internal static class SchemaVerb
{
    private const string Schema = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "type": "object",
          "properties": {
            "order": { "type": "string", "pattern": "^o-[0-9]{6,10}$" },
            "customer": { "$ref": "#/$defs/customer" },
            "currency": { "enum": ["EUR", "USD", "GBP", "CHF"] },
            "reason": { "type": "string", "minLength": 1, "maxLength": 400 },
            "lines": {
              "type": "array",
              "minItems": 1,
              "items": {
                "type": "object",
                "properties": {
                  "sku": { "type": "string", "minLength": 3, "maxLength": 20 },
                  "quantity": { "type": "integer", "minimum": 1, "maximum": 999 },
                  "unit_price": { "type": "number", "exclusiveMinimum": 0 },
                  "tags": { "type": "array", "items": { "type": "string" }, "maxItems": 5 }
                },
                "required": ["sku", "quantity", "unit_price"]
              }
            },
            "notify": { "anyOf": [{ "type": "null" }, { "type": "string", "format": "email" }] }
          },
          "required": ["order", "customer", "currency", "lines"],
          "$defs": {
            "customer": { "type": "object", "properties": { "id": { "type": "integer" }, "name": { "type": "string" }, "vip": { "type": "boolean" } }, "required": ["id"] }
          }
        }
        """;

    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "How long each of the five measurements takes.", DefaultValueFactory = _ => 2 };
        var json = new Option<bool>("--json") { Description = "One JSON object a line." };
        var command = new Command("schema", "Documents checked against a JSON Schema a second, on one core.") { seconds, json };
        command.SetAction(parsed =>
        {
            var figures = Measure(TimeSpan.FromSeconds(parsed.GetValue(seconds)));
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(figures, FigureJson.Options) : figures.ToString());
        });
        return command;
    }

    private static SchemaFigures Measure(TimeSpan each)
    {
        var validator = JsonSchemaValidator.Compile(Schema, "schema", ObjectPolicy.Closed);
        var text = Encoding.UTF8.GetBytes(Document());
        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        if (!validator.IsValid(root))
            throw new InvalidOperationException($"The document does not fit: {string.Join("; ", validator.Validate(root))}");
        Run(validator, root, each);
        var rates = new Rate[5];
        for (var i = 0; i < rates.Length; i++)
            rates[i] = Run(validator, root, each);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
            validator.IsValid(root);
        var allocated = (GC.GetAllocatedBytesForCurrentThread() - before) / 10_000.0;
        return new SchemaFigures(
            Math.Round(rates.Select(r => r.PerSecond).Order().ElementAt(rates.Length / 2)),
            Math.Round(rates.Select(r => r.PerCpuSecond).Order().ElementAt(rates.Length / 2)),
            text.Length,
            Schema.Count(c => c == '\n') + 1,
            Math.Round(allocated, 1),
            Machine.Load());
    }

    private static Rate Run(JsonSchemaValidator validator, in JsonElement document, TimeSpan each)
    {
        const int Batch = 1_000;
        var started = Stopwatch.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        var count = 0L;
        TimeSpan elapsed;
        do
        {
            for (var i = 0; i < Batch; i++)
                validator.IsValid(document);
            count += Batch;
            elapsed = Stopwatch.GetElapsedTime(started);
        }
        while (elapsed < each);
        return new Rate(count / elapsed.TotalSeconds, count / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    private static string Document()
    {
        var lines = Enumerable.Range(0, 11).Select(i => $$"""
            {"sku":"SKU-{{1000 + i}}-B","quantity":{{i + 1}},"unit_price":{{i + 10}}.95,"tags":["garden","sale"]}
            """);
        return $$"""
            {"order":"o-20261122","customer":{"id":48213,"name":"Grace Okonkwo","vip":true},"currency":"EUR","reason":"Two of the pots arrived broken, and the customer wants money back instead of new ones.","lines":[{{string.Join(",", lines)}}],"notify":"grace.okonkwo@example.com"}
            """;
    }
}

internal readonly record struct Rate(double PerSecond, double PerCpuSecond);

/// <summary>What was measured; rates are the median of five.</summary>
/// <param name="DocumentsPerS">By the clock, on one thread.</param>
/// <param name="DocumentsPerCpuS">By the processor time of the process, which others on the machine do not take away.</param>
/// <param name="Bytes">Size of the document.</param>
/// <param name="SchemaLines">Lines of the schema.</param>
/// <param name="AllocatedBytesPerDocument">What the garbage collector gets.</param>
/// <param name="LoadAverage">Of the machine in the last minute; null where it is not known.</param>
internal sealed record SchemaFigures(
    double DocumentsPerS, double DocumentsPerCpuS, int Bytes, int SchemaLines, double AllocatedBytesPerDocument, double? LoadAverage);

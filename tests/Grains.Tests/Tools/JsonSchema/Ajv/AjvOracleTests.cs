using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Tools.JsonSchema;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema.Ajv;

public sealed class AjvOracleTests(ITestOutputHelper output)
{
    private const int Seed = 202_012;
    private const int Schemas = 2_500;
    private const int DocumentsEach = 10;
    private const int Pairs = Schemas * DocumentsEach;
    private const int MaxShown = 10;

    private static readonly string[] Keywords =
    [
        "$anchor", "$defs", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "additionalProperties", "allOf", "anyOf", "const", "contains",
        "dependentRequired", "dependentSchemas", "else", "enum", "exclusiveMaximum", "exclusiveMinimum", "if", "items", "maxContains", "maxItems",
        "maxLength", "maxProperties", "maximum", "minContains", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "not", "oneOf",
        "pattern", "patternProperties", "prefixItems", "properties", "propertyNames", "required", "then", "type", "unevaluatedItems",
        "unevaluatedProperties", "uniqueItems",
    ];

    [Fact]
    public async Task IsValid_GeneratedSchemasAndDocuments_AgreesWithAjv()
    {
        using var ajv = await AjvOracle.StartAsync();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(5));
        var random = new Random(Seed);
        var generator = new SchemaGenerator(random);
        var differences = new List<string>();
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        var fits = 0;
        for (var number = 0; number < Schemas; number++)
        {
            var schema = generator.Next(number);
            var documents = generator.Values.For(schema, DocumentsEach);
            Count(schema, used);
            var ours = Judge(schema, documents);
            var theirs = await ajv.AskAsync(schema, documents, deadline.Token);
            fits += ours.Count(valid => valid);
            differences.AddRange(ours.Select((valid, i) => (valid, i)).Where(j => j.valid != theirs[j.i])
                .Select(j => $"{number}: ours {j.valid}, Ajv {theirs[j.i]}: {schema.ToJsonString()} of {documents[j.i]?.ToJsonString() ?? "null"}"));
        }

        output.WriteLine($"{Pairs} pairs, seed {Seed}, {fits} fit, {differences.Count} differences");
        output.WriteLine(string.Join(", ", used.OrderBy(u => u.Value).Select(u => $"{u.Key} {u.Value}")));
        Assert.True(differences.Count == 0, string.Join('\n', differences.OrderBy(d => d.Length).Take(MaxShown)));
        Assert.All(Keywords, keyword => Assert.InRange(used.GetValueOrDefault(keyword), 20, int.MaxValue));
        Assert.InRange(fits, Pairs / 4, Pairs * 3 / 4);
    }

    private static bool[] Judge(JsonNode schema, JsonNode?[] documents)
    {
        var validator = JsonSchemaValidator.Compile(schema.ToJsonString(), "schema", ObjectPolicy.Open);
        return [.. documents.Select(document =>
        {
            using var parsed = JsonDocument.Parse(document?.ToJsonString() ?? "null");
            var isValid = validator.IsValid(parsed.RootElement);
            Assert.Equal(isValid, validator.Validate(parsed.RootElement).Count == 0);
            return isValid;
        })];
    }

    private static void Count(JsonNode? node, Dictionary<string, int> used)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items)
                Count(item, used);
        }
        else if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                used[name] = used.GetValueOrDefault(name) + 1;
                Count(value, used);
            }
        }
    }
}

using System.Text.Json;
using AgentRuntime.Grains.Tests.Tools.JsonSchema.Ajv;
using AgentRuntime.Tools.JsonSchema;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema;

public sealed class ClosedObjectsTests(ITestOutputHelper output)
{
    private const int Seed = 7;
    private const int Schemas = 1_000;

    // An unknown member must not make an alternative fail that would have refused the document.
    [Theory]
    [InlineData("""{"properties":{"o":{"additionalProperties":true}},"not":{"properties":{"o":{"properties":{"a":{"const":1}},"required":["a"]}},"required":["o"]}}""")]
    [InlineData("""{"properties":{"o":{"additionalProperties":true}},"oneOf":[{},{"properties":{"o":{"properties":{"a":{"const":1}}}}}]}""")]
    [InlineData("""{"properties":{"o":{"additionalProperties":true}},"if":{"properties":{"o":{"properties":{"a":{}}}}},"then":false}""")]
    public void IsValid_UnknownMemberWhereAFailureWouldHelp_StaysNo(string schema)
    {
        using var document = JsonDocument.Parse("""{"o":{"a":1,"x":2}}""");

        Assert.False(JsonSchemaValidator.Compile(schema, "schema", ObjectPolicy.Open).IsValid(document.RootElement));
        Assert.False(JsonSchemaValidator.Compile(schema, "schema", ObjectPolicy.Closed).IsValid(document.RootElement));
    }

    [Fact]
    public void IsValid_GeneratedSchemas_ClosingOnlyRefusesMore()
    {
        var generator = new SchemaGenerator(new Random(Seed));
        var refused = 0;
        for (var number = 0; number < Schemas; number++)
        {
            var schema = generator.Next(number);
            var open = JsonSchemaValidator.Compile(schema.ToJsonString(), "schema", ObjectPolicy.Open);
            var closed = JsonSchemaValidator.Compile(schema.ToJsonString(), "schema", ObjectPolicy.Closed);
            foreach (var node in generator.Values.For(schema, 10))
            {
                using var document = JsonDocument.Parse(node?.ToJsonString() ?? "null");
                var isOpen = open.IsValid(document.RootElement);
                var isClosed = closed.IsValid(document.RootElement);
                Assert.True(isOpen || !isClosed, $"{schema.ToJsonString()} of {document.RootElement}");
                refused += isOpen && !isClosed ? 1 : 0;
            }
        }

        output.WriteLine($"seed {Seed}: {refused} documents refused only because objects are closed");
        Assert.InRange(refused, Schemas / 4, int.MaxValue);
    }
}

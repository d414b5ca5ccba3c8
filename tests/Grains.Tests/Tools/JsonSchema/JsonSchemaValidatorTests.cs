using System.Text.Json;
using AgentRuntime.Tools.JsonSchema;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema;

public sealed class JsonSchemaValidatorTests
{
    // Forty definitions, each of which asks for the next one twice.
    private static readonly string Doubling = "{" + string.Join(",", Enumerable.Range(0, 40).Select(i => $$"""
        "n{{i}}":{"allOf":[{"$ref":"#/$defs/n{{i + 1}}"},{"$ref":"#/$defs/n{{i + 1}}"}]}
        """)) + """
        ,"n40":{"minimum":0}}
        """;

    [Fact]
    public void IsValid_LargeEnumOverLargeArray_LooksEachUpAtOnce()
    {
        var schema = Compile("{\"items\":{\"enum\":[" + string.Join(",", Enumerable.Range(0, 1_000).Select(i => $"{i}.5")) + "]}}");
        var document = ToolSamples.Json($"[{string.Join(",", Enumerable.Repeat("999.5", 100_000))}]");

        Assert.True(schema.IsValid(document));
        Assert.False(schema.IsValid(ToolSamples.Json("[1000.5]")));
    }

    [Fact]
    public void IsValid_UniqueObjectsMadeToCollide_StopsInTime()
    {
        // Objects that say each thing twice all have one hash.
        var schema = Compile("""{"uniqueItems":true}""");
        var document = ToolSamples.Json($"[{string.Join(",", Enumerable.Range(0, 100_000).Select(i => $$"""{"{{i}}":1,"{{i}}":1}"""))}]");

        Assert.False(schema.IsValid(document));
        Assert.Contains("too much work", schema.Validate(document)[0].Message);
    }

    [Fact]
    public void IsValid_PatternMadeToBacktrack_AnswersInTime()
    {
        var schema = Compile("""{"pattern":"^(a+)+$"}""");
        var document = ToolSamples.Json($"\"{new string('a', 50_000)}!\"");

        var started = TimeProvider.System.GetTimestamp();
        Assert.False(schema.IsValid(document));
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(5), "The pattern took too long.");
    }

    [Fact]
    public void Validate_AlternativesThatMultiply_StopsAndSaysSo()
    {
        var schema = Compile("""{"$ref":"#/$defs/n0","$defs":DOUBLING}""".Replace("DOUBLING", Doubling));

        Assert.False(schema.IsValid(ToolSamples.Json("1")));
        Assert.Contains("too much work", schema.Validate(ToolSamples.Json("1"))[0].Message);
    }

    [Theory]
    [InlineData("not")]
    [InlineData("if")]
    public void IsValid_OverrunUnderNegation_StaysNo(string keyword)
    {
        var schema = Compile($$"""{"{{keyword}}":{"$ref":"#/$defs/n0"},"$defs":DOUBLING}""".Replace("DOUBLING", Doubling));

        Assert.False(schema.IsValid(ToolSamples.Json("1")));
    }

    [Theory]
    [InlineData("""{"a":"\ud800"}""", false)]
    [InlineData("""{"\udc00":1}""", false)]
    [InlineData("""["\ud83dx","\ude00"]""", false)]
    [InlineData("""["\ud83d\ud83d\ude00"]""", false)]
    [InlineData("""{"a":"\ud83d\ude00 \\ud800 \n \u00e9"}""", true)]
    public void IsValid_HalfOfASurrogatePair_IsRefused(string document, bool isValid)
    {
        var schema = Compile("""{"enum":["x"],"not":{}}""");
        var all = Compile("""{"properties":{"a":{"not":{"enum":["x"]}}},"uniqueItems":true,"patternProperties":{".":{}}}""");

        Assert.Equal(isValid, all.IsValid(ToolSamples.Json(document)));
        Assert.NotEmpty(schema.Validate(ToolSamples.Json(document)));
    }

    [Fact]
    public void Validate_ManyErrors_PlacesThemAndStops()
    {
        var schema = Compile("""{"type":"object","properties":{"a/b":{"items":{"type":"integer"}}},"required":["z"]}""");

        var errors = schema.Validate(ToolSamples.Json($$"""{"a/b":[{{string.Join(",", Enumerable.Repeat("\"x\"", 100))}}]}"""));

        Assert.Equal(SchemaLimits.MaxErrors, errors.Count);
        Assert.Equal("/a~1b/0", errors[0].Pointer);
        Assert.Equal("/a~1b/15", errors[15].Pointer);
    }

    [Theory]
    [InlineData("""{"type":"object"}""", """{"a":1}""")]
    [InlineData("""{"type":"object","properties":{"o":{"properties":{"a":{}}}}}""", """{"o":{"b":1}}""")]
    [InlineData("""{"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}""", """{"a":1,"c":1}""")]
    [InlineData("""{"properties":{"list":{"items":{"$ref":"#/$defs/i"}}},"$defs":{"i":{"properties":{"a":{}}}}}""", """{"list":[{"z":1}]}""")]
    [InlineData("""{"not":{"properties":{"a":{"const":1}},"required":["a"]}}""", """{"a":2}""")]
    public void Validate_Closed_UnknownMemberIsRefused(string schema, string document)
    {
        var closed = JsonSchemaValidator.Compile(schema, "schema", ObjectPolicy.Closed);

        var error = Assert.Single(closed.Validate(ToolSamples.Json(document)));
        Assert.Equal("additionalProperties", error.Keyword);
        Assert.True(Compile(schema).IsValid(ToolSamples.Json(document)));
    }

    [Theory]
    [InlineData("""{"type":"object","additionalProperties":true}""", """{"a":1}""")]
    [InlineData("""{"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}}}]}""", """{"a":1,"b":1}""")]
    [InlineData("""{"if":{"properties":{"k":{"const":1}}},"then":{"properties":{"x":{}}}}""", """{"k":1,"x":1}""")]
    [InlineData("""{"properties":{"any":{}}}""", """{"any":{"z":1}}""")]
    [InlineData("""{"patternProperties":{"^x-":{}}}""", """{"x-a":1}""")]
    public void Validate_Closed_DeclaredMemberIsAccepted(string schema, string document) =>
        Assert.Empty(JsonSchemaValidator.Compile(schema, "schema", ObjectPolicy.Closed).Validate(ToolSamples.Json(document)));

    [Fact]
    public void IsValid_OrdinaryArguments_AllocatesNothing()
    {
        var schema = JsonSchemaValidator.Compile(
            """{"type":"object","properties":{"id":{"type":"string","pattern":"^o-\\d+$","maxLength":20},"n":{"type":"integer","minimum":1},"tags":{"type":"array","items":{"enum":["a","b"]}}},"required":["id"]}""",
            "schema",
            ObjectPolicy.Closed);
        var document = ToolSamples.Json("""{"id":"o-123","n":5,"tags":["a","b"]}""");
        for (var i = 0; i < 1_000; i++)
            Assert.True(schema.IsValid(document));

        // Something may be made once and late; what each validation allocates shows in every round.
        var least = Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1_000; i++)
                schema.IsValid(document);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.True(least < 1_000, $"Validation allocates {least} bytes in 1,000 rounds on the valid path.");
    }

    private static JsonSchemaValidator Compile(string schema) => JsonSchemaValidator.Compile(schema, "schema", ObjectPolicy.Open);

    // Comparing them threw, in the middle of a run; and what was no to a bound was yes to its opposite.
    [Theory]
    [InlineData("""{"uniqueItems":true}""")]
    [InlineData("""{"const":[1,1e5]}""")]
    [InlineData("""{"enum":[[1,1e5]]}""")]
    [InlineData("""{"not":{"prefixItems":[true,{"maximum":5}]}}""")]
    [InlineData("true")]
    public void IsValid_NumberThatNobodyCanCompare_IsNotWhateverTheSchema(string schema)
    {
        var validator = Compile(schema);
        var digits = new string('1', SchemaLimits.MaxNumberChars + 1);
        foreach (var number in new[] { "1e99999999999", "-1E+100001", "1.5e-100001", "1e00100001", digits, $"0.{digits}", $"{digits[..600]}.{digits[..600]}" })
        {
            var document = JsonElement.Parse($"[1,{number}]");
            Assert.False(validator.IsValid(document), number);
            Assert.Contains("exponent beyond", Assert.Single(validator.Validate(document)).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("1e100000")]
    [InlineData("1e0000000001")]
    [InlineData("\"1e99999999999\"")]
    [InlineData("\"e999999 \\\" 1e999999\"")]
    public void IsValid_NumberWithinTheBoundsOrText_IsLookedAt(string value)
    {
        var validator = Compile("""{"uniqueItems":true}""");
        Assert.True(validator.IsValid(JsonElement.Parse($"[1,{value}]")));
        Assert.False(validator.IsValid(JsonElement.Parse($"[{value},{value}]")));
    }
}

using System.Text.Json;
using AgentRuntime.Common;
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

    [Theory]
    [InlineData("""{"properties":{"a":{"unevaluatedProperties":1}}}""", "'/properties/a/unevaluatedProperties'", "object, true or false")]
    [InlineData("""{"$dynamicRef":"#x"}""", "'/$dynamicRef'", "$dynamicRef '#x'")]
    [InlineData("""{"$recursiveRef":"#"}""", "'/$recursiveRef'", "'$recursiveRef'")]
    [InlineData("""{"dependencies":{"a":["b"]}}""", "'/dependencies'", "'dependencies'")]
    [InlineData("""{"$defs":{"never-used":{"minimun":1}}}""", "'/$defs/never-used/minimun'", "'minimun'")]
    [InlineData("""{"additionalItems":false}""", "'/additionalItems'", "'additionalItems'")]
    [InlineData("""{"properties":{"a":{"$id":"b#c"}}}""", "'/properties/a/$id'", "fragment")]
    [InlineData("""{"properties":{"a":{"$id":"http://"}}}""", "'/properties/a/$id'", "no URI")]
    [InlineData("""{"properties":{"a":{"$id":"s"},"b":{"$id":"s"}}}""", "'/properties/b/$id'", "twice")]
    [InlineData("""{"properties":{"a":{"$anchor":"1"}}}""", "'/properties/a/$anchor'", "name")]
    [InlineData("""{"properties":{"a":{"$anchor":"x"},"b":{"$dynamicAnchor":"x"}}}""", "'/properties/b/$dynamicAnchor'", "twice")]
    [InlineData("""{"properties":{"a":{"$schema":"https://json-schema.org/draft/2020-12/schema"}}}""", "'/properties/a/$schema'", "beside $id")]
    [InlineData("""{"$vocabulary":{"https://example.com/v":1}}""", "'/$vocabulary'", "true or false")]
    [InlineData("""{"x-vendor":1}""", "'/x-vendor'", "'x-vendor'")]
    [InlineData("""{"$ref":"https://example.com/s"}""", "'/$ref'", "https://example.com/s")]
    [InlineData("""{"$ref":"#/$defs/gone"}""", "'/$ref'", "'#/$defs/gone'")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-04/schema#"}""", "'/$schema'", "2020-12 and draft-07")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","prefixItems":[true]}""", "'/prefixItems'", "draft-07")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","definitions":{"a":{}},"properties":{"b":{"$ref":"#/definitions/a","minimum":1}}}""", "'/properties/b/minimum'", "beside $ref")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","items":{},"additionalItems":false}""", "'/additionalItems'", "list of schemas")]
    [InlineData("""{"$schema":"http://json-schema.org/draft-07/schema#","unevaluatedProperties":false}""", "'/unevaluatedProperties'", "draft-07")]
    [InlineData("""{"$schema":"https://example.com/own-dialect"}""", "'/$schema'", "2020-12 and draft-07")]
    [InlineData("""{"items":[{}]}""", "'/items'", "prefixItems")]
    [InlineData("""{"type":"text"}""", "'/type'", "'text'")]
    [InlineData("""{"multipleOf":0}""", "'/multipleOf'", "above 0")]
    [InlineData("""{"minLength":-1}""", "'/minLength'", "0 or more")]
    [InlineData("""{"properties":{"a/b~":{"required":"x"}}}""", "'/properties/a~1b~0/required'", "names")]
    [InlineData("""{"a":1,"a":2}""", "schema", "JSON")]
    [InlineData("""{"enum":["\ud800"]}""", "schema", "surrogate")]
    [InlineData("""{"enum":[1,1e99999999999]}""", "schema", "exponent beyond 100000")]
    [InlineData("""{"const":{"a":[1E-100001]}}""", "schema", "exponent beyond 100000")]
    [InlineData("""{"default":1e+100001}""", "schema", "exponent beyond 100000")]
    [InlineData("""[]""", "'/'", "object, true or false")]
    [InlineData("""{""", "schema", "JSON")]
    public void Compile_WhatIsNotSupported_IsRefusedByPlaceAndName(string schema, string place, string name)
    {
        var refusal = Assert.Throws<InvalidInputException>(() => Compile(schema));

        Assert.Contains(place, refusal.Message);
        Assert.Contains(name, refusal.Message);
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"anyOf":[{"$ref":"#/$defs/a"}]}}}""")]
    [InlineData("""{"dependentSchemas":{"a":{"$ref":"#"}}}""")]
    [InlineData("""{"not":{"$ref":"#"}}""")]
    public void Compile_ReferenceWithoutProgress_IsRefused(string schema) =>
        Assert.Contains("leads back to itself", Assert.Throws<InvalidInputException>(() => Compile(schema)).Message);

    [Theory]
    [InlineData("(?=a)")]
    [InlineData("(?<!a)b")]
    [InlineData("(a)\\1")]
    [InlineData("\\bword\\b")]
    [InlineData("\\p{Script=Greek}")]
    [InlineData("\\p{C}")]
    [InlineData("\\pL")]
    [InlineData("[z-a]")]
    [InlineData("[\\d-z]")]
    [InlineData("[a-\\d]")]
    [InlineData("\\ud800")]
    [InlineData("(?i)a")]
    [InlineData("(a{1000}){1000}")]
    [InlineData("(")]
    [InlineData("a{2,1}")]
    [InlineData("[]")]
    [InlineData("\\Z")]
    public void Compile_PatternThatCannotBeHonoured_IsRefused(string pattern) =>
        Assert.Contains("/pattern", Assert.Throws<InvalidInputException>(() => Compile($$"""{"pattern":{{JsonSerializer.Serialize(pattern)}}}""")).Message);

    [Fact]
    public void Compile_DeepSchema_IsRefused()
    {
        var schema = string.Concat(Enumerable.Repeat("""{"items":""", 70)) + "{}" + new string('}', 70);

        Assert.Throws<InvalidInputException>(() => Compile(schema));
    }

    [Fact]
    public void Compile_ClosedObjectsThatMultiply_IsRefused()
    {
        var names = string.Join(",", Enumerable.Range(0, 900).Select(i => $"\"n{i}\":{{}}"));
        var uses = string.Join(",", Enumerable.Range(0, 900).Select(i => $$"""
            "u{{i}}":{"$ref":"#/$defs/d"}
            """));
        var schema = $"{{\"$defs\":{{\"d\":{{\"properties\":{{{names}}}}}}},\"properties\":{{{uses}}}}}";

        Assert.Contains("names together", Assert.Throws<InvalidInputException>(() => JsonSchemaValidator.Compile(schema, "schema", ObjectPolicy.Closed)).Message);
        Compile(schema);
    }

    [Fact]
    public void Compile_ManyPatterns_IsRefused()
    {
        var schema = "{\"allOf\":[" + string.Join(",", Enumerable.Range(0, SchemaLimits.MaxPatterns + 1).Select(i => $"{{\"pattern\":\"a{i}\"}}")) + "]}";

        Assert.Contains("patterns", Assert.Throws<InvalidInputException>(() => Compile(schema)).Message);
    }

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

    // In steps, for time would be measured on another machine each time: at worst 14 ns for each place and character.
    [Theory]
    [InlineData("[ab]*a[ab]{1000}c", 50_000, 2_000_000, int.MaxValue)]
    [InlineData("([ab]*a([ab]c?){20}){20}", 50_000, 2_000_000, int.MaxValue)]
    [InlineData("[ab]*a[ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab][ab]", 50_000, 50_000, 100_000)]
    [InlineData("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", 36, 10, 100)]
    [InlineData("^[a-z0-9-]{1,64}$", 30, 10, 200)]
    [InlineData("^[a-z]+$", 30, 1, 10)]
    public void Steps_OfAPattern_GrowWithWhatMatchingItMayTake(string pattern, int chars, int atLeast, int atMost)
    {
        var room = SchemaLimits.MaxPatternText;
        Assert.InRange(EcmaPattern.Compile(pattern, ref room).Steps(chars), atLeast, atMost);
    }
}

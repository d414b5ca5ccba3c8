using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Tools.JsonSchema;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema;

/// <summary>Schemas that are not taken: what cannot be honoured is refused when it is registered, not passed over.</summary>
public sealed class SchemaRefusalTests
{
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

    private static JsonSchemaValidator Compile(string schema) => JsonSchemaValidator.Compile(schema, "schema", ObjectPolicy.Open);
}

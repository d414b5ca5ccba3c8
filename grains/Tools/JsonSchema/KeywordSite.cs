using System.Text.Json;
using AgentRuntime.Common;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The subschema whose keywords are being compiled, and the readings that keywords share.</summary>
internal sealed record KeywordSite(SchemaCompiler Compiler, SchemaNode Node, SchemaLocation Location, DynamicScope Scope)
{
    public bool IsDraft07 => Location.Resource.Dialect == SchemaDialect.Draft07;

    public ObjectRules Objects => Node.Objects ??= new ObjectRules();

    public ArrayRules Arrays => Node.Arrays ??= new ArrayRules();

    public StringRules Strings => Node.Strings ??= new StringRules();

    public ValueRules Values => Node.Values ??= new ValueRules();

    public CompositionRules Composition => Node.Composition ??= new CompositionRules();

    public UnevaluatedRules Unevaluated => Node.Unevaluated ??= new UnevaluatedRules();

    public InvalidInputException Refuse(string keyword, string message) => Compiler.Library.Refuse(Location, keyword, message);

    /// <summary>The schema that a keyword holds.</summary>
    public SchemaNode Subschema(string keyword) => Location.TryStep(keyword, out var below)
        ? Compiler.Node(below, Scope)
        : throw Refuse(keyword, "must be a schema.");

    /// <summary>The schemas that a keyword holds by name. Compiled as they are taken.</summary>
    public IEnumerable<(string Name, SchemaNode Schema)> SubschemaMap(JsonElement map, string keyword) =>
        Map(map, keyword).Select(member => (member.Name, Subschema($"{keyword}/{SchemaPointer.Escape(member.Name)}")));

    public SchemaNode[] SubschemaList(JsonElement list, string keyword)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw Refuse(keyword, "must be an array of schemas that is not empty.");
        return [.. Enumerable.Range(0, list.GetArrayLength()).Select(i => Subschema($"{keyword}/{i}"))];
    }

    public JsonElement.ObjectEnumerator Map(JsonElement map, string keyword) => map.ValueKind == JsonValueKind.Object
        ? map.EnumerateObject()
        : throw Refuse(keyword, "must be an object.");

    public int Count(JsonElement value, string keyword)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var count) && count >= 0 && count == decimal.Truncate(count))
            return (int)Math.Min(count, int.MaxValue);
        throw Refuse(keyword, "must be a whole number, 0 or more.");
    }

    public IEnumerable<string> Names(JsonElement value, string keyword)
    {
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(v => v.ValueKind != JsonValueKind.String))
            throw Refuse(keyword, "must be an array of names.");
        return value.EnumerateArray().Select(v => v.GetString()!);
    }

    public string Text(JsonElement value, string keyword) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw Refuse(keyword, "must be a string.");

    public SchemaPattern Pattern(string pattern, string keyword)
    {
        try
        {
            return Compiler.Pattern(pattern) ?? throw Refuse(keyword, $"is beyond the limit of {SchemaLimits.MaxPatterns} patterns.");
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Refuse(keyword, $"the pattern '{pattern}' is not supported: {e.Message}");
        }
    }
}

using System.Text.Json;
using System.Text.RegularExpressions;
using AgentRuntime.Common;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The subschema whose keywords are being compiled, and the readings that keywords share.</summary>
internal sealed record KeywordSite(SchemaCompiler Compiler, SchemaNode Node, JsonElement Schema, string Pointer, int Depth)
{
    public ObjectRules Objects => Node.Objects ??= new ObjectRules();

    public ArrayRules Arrays => Node.Arrays ??= new ArrayRules();

    public StringRules Strings => Node.Strings ??= new StringRules();

    public ValueRules Values => Node.Values ??= new ValueRules();

    public CompositionRules Composition => Node.Composition ??= new CompositionRules();

    public InvalidInputException Refuse(string keyword, string message) => Compiler.Refuse($"{Pointer}/{Escape(keyword)}", message);

    public SchemaNode Subschema(JsonElement schema, string keyword) =>
        Compiler.CompileNode(schema, $"{Pointer}/{keyword}", Depth + 1);

    public IEnumerable<(string Name, SchemaNode Schema)> SubschemaMap(JsonElement map, string keyword)
    {
        if (map.ValueKind != JsonValueKind.Object)
            throw Refuse(keyword, "must be an object of schemas.");
        foreach (var member in map.EnumerateObject())
            yield return (member.Name, Compiler.CompileNode(member.Value, $"{Pointer}/{keyword}/{Escape(member.Name)}", Depth + 1));
    }

    public IEnumerable<SchemaNode> SubschemaList(JsonElement list, string keyword)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            throw Refuse(keyword, "must be an array of schemas that is not empty.");
        return list.EnumerateArray().Select((s, i) => Compiler.CompileNode(s, $"{Pointer}/{keyword}/{i}", Depth + 1));
    }

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

    public Regex Pattern(string pattern, string keyword)
    {
        if (!Compiler.TryAddPattern())
            throw Refuse(keyword, $"is beyond the limit of {SchemaLimits.MaxPatterns} patterns.");
        try
        {
            return EcmaPattern.Compile(pattern);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw Refuse(keyword, $"the pattern '{pattern}' is not supported: {e.Message}");
        }
    }

    private static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}

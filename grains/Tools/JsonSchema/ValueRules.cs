using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords for any value: type, enum, const.</summary>
internal sealed class ValueRules
{
    private JsonElement[]? _enum;
    private NameTable? _texts;
    private JsonElement? _const;

    public JsonTypes Types { get; set; } = JsonTypes.Any;

    public void SetEnum(JsonElement values)
    {
        _enum = [.. values.EnumerateArray().Select(v => v.Clone())];
        _texts = new NameTable([.. _enum.Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]);
    }

    public void SetConst(JsonElement value) => _const = value.Clone();

    public bool Check(in JsonElement value, ref Evaluation e)
    {
        if (Types != JsonTypes.Any && !HasType(value))
            return e.Collecting && e.Fail("type", $"must be {Types.Describe()}, is {JsonTypesExtensions.NameOf(value.ValueKind)}");
        if (_const is { } expected && !JsonElement.DeepEquals(expected, value))
            return e.Collecting && e.Fail("const", $"must be {Shorten(expected)}");
        if (_enum is not null && !IsInEnum(value, ref e))
            return e.Collecting && e.Fail("enum", $"must be one of {string.Join(", ", _enum.Take(20).Select(Shorten))}{(_enum.Length > 20 ? ", ..." : "")}");
        return true;
    }

    private bool HasType(in JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => (Types & JsonTypes.Object) != 0,
        JsonValueKind.Array => (Types & JsonTypes.Array) != 0,
        JsonValueKind.String => (Types & JsonTypes.String) != 0,
        JsonValueKind.True or JsonValueKind.False => (Types & JsonTypes.Boolean) != 0,
        JsonValueKind.Null => (Types & JsonTypes.Null) != 0,
        JsonValueKind.Number => (Types & JsonTypes.Number) != 0 || ((Types & JsonTypes.Integer) != 0 && IsInteger(value)),
        _ => false,
    };

    // 1.0 and 1e2 are integers: the type is about the value, not its spelling (2020-12 core, 6.3).
    private static bool IsInteger(in JsonElement value)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        return !raw.ContainsAny((byte)'.', (byte)'e', (byte)'E') || (ExactNumber.TryParse(raw, out var exact) && exact.IsInteger);
    }

    private bool IsInEnum(in JsonElement value, ref Evaluation e)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
            if (!raw.Contains((byte)'\\'))
                return _texts!.Find(raw) >= 0;
        }

        e.Spend(_enum!.Length / 8);
        foreach (var candidate in _enum)
        {
            if (candidate.ValueKind == value.ValueKind && JsonElement.DeepEquals(candidate, value))
                return true;
        }

        return false;
    }

    private static string Shorten(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 80 ? text : text[..80] + "...";
    }
}

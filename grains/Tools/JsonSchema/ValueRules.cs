using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords enum and const.</summary>
internal sealed class ValueRules
{
    private JsonElement[]? _enum;
    private NameTable? _texts;
    private JsonElement? _const;

    // What one comparison with all of enum or with const may cost, in steps.
    private int _enumCost;
    private int _constCost;

    public void SetEnum(JsonElement values)
    {
        _enum = [.. values.EnumerateArray().Select(v => v.Clone())];
        _texts = new NameTable([.. _enum.Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]);
        _enumCost = (_enum.Length / 8) + (JsonMarshal.GetRawUtf8Value(values).Length / 64);
    }

    public void SetConst(JsonElement value)
    {
        _const = value.Clone();
        _constCost = JsonMarshal.GetRawUtf8Value(value).Length / 64;
    }

    public bool Check(in JsonElement value, JsonValueKind kind, ref Evaluation e)
    {
        if (_const is { } expected && !IsConst(expected, value, ref e))
            return e.Collecting && e.Fail("const", $"must be {Shorten(expected)}");
        if (_enum is not null && !IsInEnum(value, kind, ref e))
            return e.Collecting && e.Fail("enum", $"must be one of {string.Join(", ", _enum.Take(20).Select(Shorten))}{(_enum.Length > 20 ? ", ..." : "")}");
        return true;
    }

    private bool IsConst(in JsonElement expected, in JsonElement value, ref Evaluation e) =>
        e.Spend(_constCost) && JsonElement.DeepEquals(expected, value);

    private bool IsInEnum(in JsonElement value, JsonValueKind kind, ref Evaluation e)
    {
        if (kind == JsonValueKind.String)
        {
            var raw = JsonMarshal.GetRawUtf8Value(value)[1..^1];
            if (!e.HasEscapes || !raw.Contains((byte)'\\'))
                return _texts!.Find(raw) >= 0;
        }

        if (!e.Spend(_enumCost))
            return false;
        foreach (var candidate in _enum!)
        {
            if (candidate.ValueKind == kind && JsonElement.DeepEquals(candidate, value))
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

using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords enum and const.</summary>
internal sealed class ValueRules
{
    private const int BytesPerStep = 64;

    private EnumValues? _enum;
    private JsonElement? _const;
    private int _constCost;

    public void SetEnum(JsonElement values) => _enum = new EnumValues(values);

    public void SetConst(JsonElement value)
    {
        _const = value.Clone();
        _constCost = JsonMarshal.GetRawUtf8Value(value).Length / BytesPerStep;
    }

    public bool Check(in JsonElement value, JsonValueKind kind, ref Evaluation e)
    {
        if (_const is { } expected && !IsConst(expected, value, ref e))
            return e.Collecting && e.Fail("const", $"must be {EnumValues.Shorten(expected)}");
        return _enum is null || _enum.Contains(value, kind, ref e) || (e.Collecting && e.Fail("enum", $"must be one of {_enum}"));
    }

    private bool IsConst(in JsonElement expected, in JsonElement value, ref Evaluation e) =>
        e.Spend(_constCost) && JsonEquality.AreEqual(expected, value);
}

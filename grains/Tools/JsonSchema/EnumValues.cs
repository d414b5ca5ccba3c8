using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The values of one enum, found without comparing with each of them.</summary>
internal sealed class EnumValues
{
    private const int MaxShown = 20;
    private const int MaxShownChars = 80;

    // Text that is hashed, and values that are compared, in the time of one subschema.
    private const int BytesPerStep = 16;
    private const int ValuesPerStep = 2;

    private readonly NameTable _texts;
    private readonly HashSet<JsonElement> _others;
    private readonly string _description;

    // What one look may cost, in steps: more for values that were made to collide.
    private readonly int _cost;

    public EnumValues(JsonElement values)
    {
        JsonElement[] all = [.. values.EnumerateArray().Select(v => v.Clone())];
        _texts = new NameTable([.. all.Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!)]);
        var building = new JsonEquality();
        var others = all.Where(v => v.ValueKind != JsonValueKind.String).ToHashSet(building);
        _others = new HashSet<JsonElement>(others, new SharedEquality());
        _cost = building.IsOverrun(others.Count) ? (others.Count / ValuesPerStep) + (JsonMarshal.GetRawUtf8Value(values).Length / BytesPerStep) : 1;
        _description = string.Join(", ", all.Take(MaxShown).Select(Shorten)) + (all.Length > MaxShown ? ", ..." : "");
    }

    public bool Contains(in JsonElement value, JsonValueKind kind, ref Evaluation e)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (kind != JsonValueKind.String)
            return _others.Count > 0 && e.Spend(_cost + (raw.Length / BytesPerStep)) && _others.Contains(value);
        return e.HasEscapes && raw.Contains((byte)'\\')
            ? _texts.Find(System.Text.Encoding.UTF8.GetBytes(value.GetString()!)) >= 0
            : _texts.Find(raw[1..^1]) >= 0;
    }

    public override string ToString() => _description;

    /// <summary>A value as it is shown to a person or a model.</summary>
    public static string Shorten(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= MaxShownChars ? text : text[..MaxShownChars] + "...";
    }

    /// <summary>The same equality, for many threads.</summary>
    private sealed class SharedEquality : IEqualityComparer<JsonElement>
    {
        private static readonly JsonEquality Hashes = new();

        public bool Equals(JsonElement x, JsonElement y) => JsonEquality.AreEqual(x, y);

        public int GetHashCode(JsonElement value) => Hashes.GetHashCode(value);
    }
}

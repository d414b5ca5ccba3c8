using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// Equality of JSON values as JSON Schema has it: 1 equals 1.0, and the order of members does not count. It counts what it is asked, so that
/// values made to collide are noticed; one object serves one thread.
/// </summary>
internal sealed class JsonEquality : IEqualityComparer<JsonElement>
{
    // Comparisons that a value may cause on average.
    private const int ComparisonsEach = 16;

    private long _comparisons;

    /// <summary>Whether a table of so many values must have been made to collide.</summary>
    public bool IsOverrun(int count) => _comparisons > (long)ComparisonsEach * count;

    public static bool AreEqual(in JsonElement x, in JsonElement y) => x.ValueKind == y.ValueKind && JsonElement.DeepEquals(x, y);

    public bool Equals(JsonElement x, JsonElement y)
    {
        _comparisons++;
        return AreEqual(x, y);
    }

    public int GetHashCode(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return StringHash(value);
            case JsonValueKind.Number:
                return ExactNumber.TryParse(JsonMarshal.GetRawUtf8Value(value), out var exact) ? exact.GetHashCode() : 0;
            case JsonValueKind.Array:
                var items = default(HashCode);
                foreach (var item in value.EnumerateArray())
                    items.Add(GetHashCode(item));
                return items.ToHashCode();
            case JsonValueKind.Object:
                var members = 0;
                foreach (var member in value.EnumerateObject())
                    members ^= HashCode.Combine(member.Name, GetHashCode(member.Value));
                return members;
            default:
                return (int)value.ValueKind;
        }
    }

    private static int StringHash(in JsonElement value)
    {
        var hash = default(HashCode);
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Contains((byte)'\\'))
            hash.AddBytes(Encoding.UTF8.GetBytes($"\"{value.GetString()}\""));
        else
            hash.AddBytes(raw);
        return hash.ToHashCode();
    }
}

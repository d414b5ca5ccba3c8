using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Equality of JSON values as JSON Schema has it: 1 equals 1.0, and the order of members does not count.</summary>
internal sealed class JsonEquality : IEqualityComparer<JsonElement>
{
    // Below this comparing every pair is cheaper than hashing.
    private const int SmallArray = 8;

    private static readonly JsonEquality Instance = new();

    /// <summary>The index of the first item that equals an earlier one.</summary>
    public static int? FindRepeated(in JsonElement array, ref Evaluation e)
    {
        var count = array.GetArrayLength();
        if (count < 2 || !e.Spend(JsonMarshal.GetRawUtf8Value(array).Length / 16))
            return null;
        if (count > SmallArray)
            return FindByHash(array, count);
        for (var i = 1; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (Instance.Equals(array[i], array[j]))
                    return i;
            }
        }

        return null;
    }

    public bool Equals(JsonElement x, JsonElement y) => x.ValueKind == y.ValueKind && JsonElement.DeepEquals(x, y);

    public int GetHashCode(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return StringHash(value);
            case JsonValueKind.Number:
                return ExactNumber.TryParse(JsonMarshal.GetRawUtf8Value(value), out var exact) ? exact.GetHashCode() : 0;
            case JsonValueKind.Array:
                var items = new HashCode();
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

    private static int? FindByHash(in JsonElement array, int count)
    {
        var seen = new HashSet<JsonElement>(count, Instance);
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (!seen.Add(item))
                return index;
            index++;
        }

        return null;
    }

    private static int StringHash(in JsonElement value)
    {
        var hash = new HashCode();
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (raw.Contains((byte)'\\'))
            hash.AddBytes(System.Text.Encoding.UTF8.GetBytes($"\"{value.GetString()}\""));
        else
            hash.AddBytes(raw);
        return hash.ToHashCode();
    }
}

using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Finds equal items of an array, for uniqueItems.</summary>
internal static class RepeatedItems
{
    // Below this comparing every pair is cheaper than hashing.
    private const int SmallArray = 8;

    // Hashing so much text takes as long as a subschema.
    private const int BytesPerStep = 4;

    /// <summary>The index of the first item that equals an earlier one.</summary>
    public static int? Find(in JsonElement array, ref Evaluation e)
    {
        var count = array.GetArrayLength();
        if (count < 2 || !e.Spend(JsonMarshal.GetRawUtf8Value(array).Length / BytesPerStep))
            return null;
        return count <= SmallArray ? FindByPairs(array, count) : FindByHash(array, count, ref e);
    }

    private static int? FindByPairs(in JsonElement array, int count)
    {
        for (var i = 1; i < count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (JsonEquality.AreEqual(array[i], array[j]))
                    return i;
            }
        }

        return null;
    }

    private static int? FindByHash(in JsonElement array, int count, ref Evaluation e)
    {
        var equality = new JsonEquality();
        var seen = new HashSet<JsonElement>(count, equality);
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (!seen.Add(item))
                return index;
            if (equality.IsOverrun(count) && !e.Spend(SchemaLimits.MaxSteps))
                return null;
            index++;
        }

        return null;
    }
}

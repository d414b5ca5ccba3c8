using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// The keywords unevaluatedProperties and unevaluatedItems. They apply after all others to what none of those, here or in a subschema of
/// the same value, has evaluated.
/// </summary>
internal sealed class UnevaluatedRules
{
    public SchemaNode? Properties { get; set; }

    public SchemaNode? Items { get; set; }

    public bool AppliesTo(JsonValueKind kind) =>
        (kind == JsonValueKind.Object && Properties is not null) || (kind == JsonValueKind.Array && Items is not null);

    /// <summary>Checks what is left of an object or array whose marks are open.</summary>
    public bool Check(in JsonElement value, EvaluatedMarks marks, ref Evaluation e)
    {
        var ok = value.ValueKind == JsonValueKind.Object ? CheckMembers(value, marks, ref e) : CheckItems(value, marks, ref e);
        if (ok)
            marks.MarkAll();
        return ok;
    }

    private bool CheckMembers(in JsonElement value, EvaluatedMarks marks, ref Evaluation e)
    {
        var index = 0;
        var ok = true;
        foreach (var member in value.EnumerateObject())
        {
            if (marks.IsMarked(index++))
                continue;
            if (e.Collecting)
                e.Push(member.Name);
            ok = CheckOne(Properties!, member.Value, "unevaluatedProperties", ref e) && ok;
            if (e.Collecting)
                e.Pop();
            else if (!ok)
                return false;
        }

        return ok;
    }

    private bool CheckItems(in JsonElement value, EvaluatedMarks marks, ref Evaluation e)
    {
        var index = 0;
        var ok = true;
        foreach (var item in value.EnumerateArray())
        {
            if (!marks.IsMarked(index))
            {
                if (e.Collecting)
                    e.Push(index);
                ok = CheckOne(Items!, item, "unevaluatedItems", ref e) && ok;
                if (e.Collecting)
                    e.Pop();
                else if (!ok)
                    return false;
            }

            index++;
        }

        return ok;
    }

    private static bool CheckOne(SchemaNode schema, in JsonElement value, string keyword, ref Evaluation e) => schema.RefusesAll
        ? e.Collecting && e.Fail(keyword, "is not known here")
        : schema.CheckWhole(value, ref e);
}

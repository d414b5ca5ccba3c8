using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords for arrays: prefixItems, items, contains, minContains, maxContains, minItems, maxItems, uniqueItems.</summary>
internal sealed class ArrayRules
{
    public SchemaNode[] PrefixItems { get; set; } = [];

    public SchemaNode? Items { get; set; }

    public SchemaNode? Contains { get; set; }

    public int MinContains { get; set; } = 1;

    public int MaxContains { get; set; } = int.MaxValue;

    public int MinItems { get; set; }

    public int MaxItems { get; set; } = int.MaxValue;

    public bool UniqueItems { get; set; }

    public bool Check(in JsonElement value, ref Evaluation e)
    {
        var count = value.GetArrayLength();
        if (count < MinItems)
            return e.Collecting && e.Fail("minItems", $"must have at least {MinItems} items, has {count}");
        if (count > MaxItems)
            return e.Collecting && e.Fail("maxItems", $"must have at most {MaxItems} items, has {count}");
        if (UniqueItems && RepeatedItems.Find(value, ref e) is { } repeated)
            return e.Collecting && e.Fail("uniqueItems", $"item {repeated} repeats an earlier one");
        return CheckItems(value, ref e) && (Contains is null || CheckContains(value, ref e));
    }

    private bool CheckItems(in JsonElement value, ref Evaluation e)
    {
        if (Items is null && PrefixItems.Length == 0)
            return true;
        var index = 0;
        var ok = true;
        foreach (var item in value.EnumerateArray())
        {
            var schema = index < PrefixItems.Length ? PrefixItems[index] : Items;
            if (schema is null)
                break;
            if (e.Collecting)
                e.Push(index);
            ok = schema.CheckWhole(item, ref e) && ok;
            if (e.Collecting)
                e.Pop();
            else if (!ok)
                return false;
            e.Marks?.Mark(index);
            index++;
        }

        return ok;
    }

    private bool CheckContains(in JsonElement value, ref Evaluation e)
    {
        var matches = 0;
        var index = 0;
        var marking = e.Marks is { IsOpen: true };

        // An item that does not fit only because it is closed would be one less towards the most allowed.
        var before = e.Probe(leaveOpen: true);
        foreach (var item in value.EnumerateArray())
        {
            if (Contains!.CheckWhole(item, ref e))
            {
                matches++;
                e.Marks?.Mark(index);
            }

            index++;
            if (!marking && (matches > MaxContains || (matches >= MinContains && MaxContains == int.MaxValue)))
                break;
        }

        e.Resume(before);
        if (matches < MinContains)
            return e.Collecting && e.Fail(MinContains == 1 ? "contains" : "minContains", $"must hold at least {MinContains} matching items, holds {matches}");
        if (matches > MaxContains)
            return e.Collecting && e.Fail("maxContains", $"must hold at most {MaxContains} matching items");
        return true;
    }
}

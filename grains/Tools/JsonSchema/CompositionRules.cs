using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords that apply subschemas to the same value: $ref, $dynamicRef, allOf, anyOf, oneOf, not, if, then, else.</summary>
internal sealed class CompositionRules
{
    public SchemaNode? Ref { get; set; }

    public SchemaNode? DynamicRef { get; set; }

    public SchemaNode[] AllOf { get; set; } = [];

    public SchemaNode[] AnyOf { get; set; } = [];

    public SchemaNode[] OneOf { get; set; } = [];

    public SchemaNode? Not { get; set; }

    public SchemaNode? If { get; set; }

    public SchemaNode? Then { get; set; }

    public SchemaNode? Else { get; set; }

    /// <summary>All subschemas that see the same value.</summary>
    public IEnumerable<SchemaNode> InPlace =>
        new[] { Ref, DynamicRef, Not, If, Then, Else }.OfType<SchemaNode>().Concat(AllOf).Concat(AnyOf).Concat(OneOf);

    public bool Check(in JsonElement value, ref Evaluation e)
    {
        var ok = Ref is null || Ref.CheckInPlace(value, ref e);
        if (DynamicRef is not null && (ok || e.Collecting))
            ok = DynamicRef.CheckInPlace(value, ref e) && ok;
        foreach (var schema in AllOf)
        {
            if (!ok && !e.Collecting)
                return false;
            ok = schema.CheckInPlace(value, ref e) && ok;
        }

        return (ok || e.Collecting)
            && (AnyOf.Length == 0 || CheckAnyOf(value, ref e))
            && (OneOf.Length == 0 || CheckOneOf(value, ref e))
            && (Not is null || CheckNot(value, ref e))
            && (If is null || CheckCondition(value, ref e))
            && ok;
    }

    private bool CheckAnyOf(in JsonElement value, ref Evaluation e)
    {
        var before = e.Probe(leaveOpen: false);
        var holds = false;
        foreach (var schema in AnyOf)
        {
            holds |= Try(schema, value, ref e);

            // Each alternative that holds evaluates members of its own.
            if (holds && e.Marks is not { IsOpen: true })
                break;
        }

        e.Resume(before);
        return holds || (e.Collecting && e.Fail("anyOf", $"fits none of {AnyOf.Length} alternatives"));
    }

    private bool CheckOneOf(in JsonElement value, ref Evaluation e)
    {
        // Were objects closed here, an unknown member could make one of two alternatives fail and so turn a no into a yes.
        var before = e.Probe(leaveOpen: true);
        var matches = 0;
        SchemaNode? match = null;
        foreach (var schema in OneOf)
        {
            if (!Try(schema, value, ref e))
                continue;
            match = schema;
            if (++matches == 2)
                break;
        }

        e.Resume(before);
        if (matches != 1)
            return e.Collecting && e.Fail("oneOf", matches == 0 ? $"fits none of {OneOf.Length} alternatives" : "fits more than one alternative");
        return e.LeavesOpen || match!.CheckInPlace(value, ref e);
    }

    private bool CheckNot(in JsonElement value, ref Evaluation e)
    {
        var before = e.Probe(leaveOpen: true);
        var saved = e.Marks?.Save() ?? 0;
        var holds = Not!.CheckInPlace(value, ref e);
        e.Marks?.TakeBack(saved);
        e.Resume(before);
        return !holds || (e.Collecting && e.Fail("not", "has a form that is excluded"));
    }

    private bool CheckCondition(in JsonElement value, ref Evaluation e)
    {
        var before = e.Probe(leaveOpen: true);
        var then = Try(If!, value, ref e) ? Then : Else;
        e.Resume(before);
        return then is null || then.CheckInPlace(value, ref e);
    }

    /// <summary>Checks an alternative, whose marks count only when it holds.</summary>
    private static bool Try(SchemaNode schema, in JsonElement value, ref Evaluation e)
    {
        if (e.Marks is not { IsOpen: true } marks)
            return schema.CheckInPlace(value, ref e);
        var saved = marks.Save();
        var holds = schema.CheckInPlace(value, ref e);
        if (holds)
            marks.Keep(saved);
        else
            marks.TakeBack(saved);
        return holds;
    }
}

using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The keywords that apply subschemas to the same value: $ref, allOf, anyOf, oneOf, not, if, then, else.</summary>
internal sealed class CompositionRules
{
    public SchemaNode? Ref { get; set; }

    public List<SchemaNode> AllOf { get; } = [];

    public List<SchemaNode> AnyOf { get; } = [];

    public List<SchemaNode> OneOf { get; } = [];

    public SchemaNode? Not { get; set; }

    public SchemaNode? If { get; set; }

    public SchemaNode? Then { get; set; }

    public SchemaNode? Else { get; set; }

    /// <summary>All subschemas that see the same value.</summary>
    public IEnumerable<SchemaNode> InPlace =>
        new[] { Ref, Not, If, Then, Else }.OfType<SchemaNode>().Concat(AllOf).Concat(AnyOf).Concat(OneOf);

    public bool Check(in JsonElement value, ref Evaluation e)
    {
        var ok = Ref is null || Ref.CheckInPlace(value, ref e);
        foreach (var schema in AllOf)
        {
            if (!ok && !e.Collecting)
                return false;
            ok = schema.CheckInPlace(value, ref e) && ok;
        }

        return (ok || e.Collecting)
            && CheckAlternatives(value, ref e)
            && (If is null || CheckCondition(value, ref e))
            && ok;
    }

    private bool CheckAlternatives(in JsonElement value, ref Evaluation e)
    {
        if (AnyOf.Count > 0 && Matches(AnyOf, value, ref e, enough: 1) == 0)
            return e.Collecting && e.Fail("anyOf", $"fits none of {AnyOf.Count} alternatives");
        if (OneOf.Count > 0)
        {
            var matches = Matches(OneOf, value, ref e, enough: 2);
            if (matches != 1)
                return e.Collecting && e.Fail("oneOf", matches == 0 ? $"fits none of {OneOf.Count} alternatives" : "fits more than one alternative");
        }

        return Not is null || !Probe(Not, value, ref e) || (e.Collecting && e.Fail("not", "has a form that is excluded"));
    }

    private bool CheckCondition(in JsonElement value, ref Evaluation e)
    {
        var then = Probe(If!, value, ref e) ? Then : Else;
        return then is null || then.CheckInPlace(value, ref e);
    }

    private static bool Probe(SchemaNode schema, in JsonElement value, ref Evaluation e)
    {
        var errors = e.Probe();
        var holds = schema.CheckInPlace(value, ref e);
        e.Resume(errors);
        return holds;
    }

    private static int Matches(List<SchemaNode> schemas, in JsonElement value, ref Evaluation e, int enough)
    {
        var errors = e.Probe();
        var matches = 0;
        foreach (var schema in schemas)
        {
            matches += schema.CheckInPlace(value, ref e) ? 1 : 0;
            if (matches == enough)
                break;
        }

        e.Resume(errors);
        return matches;
    }
}

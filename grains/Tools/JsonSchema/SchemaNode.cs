using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>One compiled subschema. Built once, then only read.</summary>
internal sealed class SchemaNode
{
    // How many marks are cleared, copied and looked at in the time of one subschema.
    private const int MarksPerStep = 16;

    public bool RefusesAll { get; set; }

    public ValueRules? Values { get; set; }

    public StringRules? Strings { get; set; }

    public NumberRules? Numbers { get; set; }

    public ObjectRules? Objects { get; set; }

    public ArrayRules? Arrays { get; set; }

    public CompositionRules? Composition { get; set; }

    public UnevaluatedRules? Unevaluated { get; set; }

    /// <summary>The names an object may hold where this subschema alone describes it; null leaves it open.</summary>
    public ClosedObject? Closed { get; set; }

    /// <summary>The subschemas that see the same value as this one.</summary>
    public IEnumerable<SchemaNode> InPlace => (Composition?.InPlace ?? []).Concat(Objects?.DependentSchemas ?? []);

    /// <summary>Checks a value that this subschema alone describes: a member, an item, the document.</summary>
    public bool CheckWhole(in JsonElement value, ref Evaluation e)
    {
        var closed = e.LeavesOpen ? null : Closed;
        if (e.Marks is not { } marks)
            return Check(value, ref e, closed);
        var outer = marks.Suspend();
        var ok = Check(value, ref e, closed);
        marks.Return(outer);
        return ok;
    }

    /// <summary>Checks a value that other subschemas describe too.</summary>
    public bool CheckInPlace(in JsonElement value, ref Evaluation e) => Check(value, ref e, null);

    private bool Check(in JsonElement value, ref Evaluation e, ClosedObject? closed)
    {
        if (!e.Enter())
            return false;
        var kind = value.ValueKind;
        bool ok;
        if (RefusesAll)
            ok = e.Collecting && e.Fail("false", "no value is allowed here");
        else if (Unevaluated is not null && Unevaluated.AppliesTo(kind))
            ok = CheckAndMark(value, kind, ref e, closed);
        else
            ok = CheckRules(value, kind, ref e, closed);
        e.Leave();
        return ok;
    }

    private bool CheckAndMark(in JsonElement value, JsonValueKind kind, ref Evaluation e, ClosedObject? closed)
    {
        var count = kind == JsonValueKind.Object ? value.GetPropertyCount() : value.GetArrayLength();
        if (!e.Spend(count / MarksPerStep))
            return false;
        var marks = e.Marks!;
        var outer = marks.Open(count);
        var ok = CheckRules(value, kind, ref e, closed);
        if (ok || e.Collecting)
            ok = Unevaluated!.Check(value, marks, ref e) && ok;
        marks.Close(outer);
        return ok;
    }

    private bool CheckRules(in JsonElement value, JsonValueKind kind, ref Evaluation e, ClosedObject? closed)
    {
        if (Values is not null && !Values.Check(value, kind, ref e))
            return false;
        var ok = kind switch
        {
            JsonValueKind.Object when Objects is not null => Objects.Check(value, ref e, closed),
            JsonValueKind.Object when closed is not null => closed.CheckAll(value, ref e),
            JsonValueKind.Array when Arrays is not null => Arrays.Check(value, ref e),
            JsonValueKind.String when Strings is not null => Strings.Check(value, ref e),
            JsonValueKind.Number when Numbers is not null => Numbers.Check(value, ref e),
            _ => true,
        };
        return Composition is null || (!ok && !e.Collecting) ? ok : Composition.Check(value, ref e) && ok;
    }
}

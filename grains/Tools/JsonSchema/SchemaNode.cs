using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>One compiled subschema. Built once, then only read.</summary>
internal sealed class SchemaNode(string pointer)
{
    /// <summary>Where it stands in the schema.</summary>
    public string Pointer { get; } = pointer;

    public bool RefusesAll { get; set; }

    public ValueRules? Values { get; set; }

    public StringRules? Strings { get; set; }

    public NumberRules? Numbers { get; set; }

    public ObjectRules? Objects { get; set; }

    public ArrayRules? Arrays { get; set; }

    public CompositionRules? Composition { get; set; }

    /// <summary>The names an object may hold where this subschema alone describes it; null leaves it open.</summary>
    public ClosedObject? Closed { get; set; }

    /// <summary>Checks a value that this subschema alone describes: a member, an item, the document.</summary>
    public bool CheckWhole(in JsonElement value, ref Evaluation e) => Check(value, ref e, Closed);

    /// <summary>Checks a value that other subschemas describe too.</summary>
    public bool CheckInPlace(in JsonElement value, ref Evaluation e) => Check(value, ref e, null);

    private bool Check(in JsonElement value, ref Evaluation e, ClosedObject? closed)
    {
        if (!e.Enter())
            return false;
        var ok = RefusesAll
            ? e.Collecting && e.Fail("false", "no value is allowed here")
            : CheckRules(value, ref e, closed);
        e.Leave();
        return ok;
    }

    private bool CheckRules(in JsonElement value, ref Evaluation e, ClosedObject? closed)
    {
        if (Values is not null && !Values.Check(value, ref e))
            return false;
        var ok = value.ValueKind switch
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

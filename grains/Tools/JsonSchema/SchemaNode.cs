using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>One compiled subschema. Built once and sealed, then only read.</summary>
internal sealed class SchemaNode
{
    // How many marks are cleared, copied and looked at in the time of one subschema.
    private const int MarksPerStep = 16;

    // The kinds of values about which there is more to say than their type.
    private JsonTypes _rulesFor;

    /// <summary>The types that it allows; none for the schema false.</summary>
    public JsonTypes Types { get; set; } = JsonTypes.Any;

    public bool RefusesAll => Types == JsonTypes.None;

    public ValueRules? Values { get; set; }

    public StringRules? Strings { get; set; }

    public NumberRules? Numbers { get; set; }

    public ObjectRules? Objects { get; set; }

    public ArrayRules? Arrays { get; set; }

    public CompositionRules? Composition { get; set; }

    public UnevaluatedRules? Unevaluated { get; set; }

    /// <summary>The names an object may hold where this subschema alone describes it; null leaves it open.</summary>
    public ClosedObject? Closed { get; private set; }

    /// <summary>The subschemas that see the same value as this one.</summary>
    public IEnumerable<SchemaNode> InPlace => (Composition?.InPlace ?? []).Concat(Objects?.DependentSchemas ?? []);

    /// <summary>Ends the building, when all keywords are read.</summary>
    public void Seal()
    {
        Objects?.Seal();
        if (Values is not null || Composition is not null)
            _rulesFor = JsonTypes.Any;
        _rulesFor |= Strings is null ? JsonTypes.None : JsonTypes.String;
        _rulesFor |= Numbers is null ? JsonTypes.None : JsonTypes.Number;
        _rulesFor |= Objects is null && Unevaluated?.Properties is null ? JsonTypes.None : JsonTypes.Object;
        _rulesFor |= Arrays is null && Unevaluated?.Items is null ? JsonTypes.None : JsonTypes.Array;
    }

    /// <summary>Closes it to all names but some.</summary>
    public void Close(ClosedObject names)
    {
        Closed = names;
        _rulesFor |= JsonTypes.Object;
    }

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
        var kind = value.ValueKind;
        if (!e.Spend(1))
            return false;
        if (!Types.Allows(kind) && !IsInteger(value, kind, ref e))
            return e.Collecting && FailType(kind, ref e);
        if (!_rulesFor.Allows(kind))
            return true;
        if (!e.Enter())
            return false;
        var ok = Unevaluated is not null && Unevaluated.AppliesTo(kind)
            ? CheckAndMark(value, kind, ref e, closed)
            : CheckRules(value, kind, ref e, closed);
        e.Leave();
        return ok;
    }

    private bool IsInteger(in JsonElement value, JsonValueKind kind, ref Evaluation e) =>
        kind == JsonValueKind.Number && (Types & JsonTypes.Integer) != 0 && NumberRules.IsInteger(value, ref e);

    private bool FailType(JsonValueKind kind, ref Evaluation e) => RefusesAll
        ? e.Fail("false", "no value is allowed here")
        : e.Fail("type", $"must be {Types.Describe()}, is {JsonTypesExtensions.NameOf(kind)}");

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

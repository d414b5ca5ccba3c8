namespace AgentRuntime.Grains.Tests.Tools.JsonSchema.Ajv;

/// <summary>One member of $defs, and the ways to refer to it.</summary>
internal sealed record SchemaDefinition(int Index, bool HasId, bool HasAnchor)
{
    public string Name => $"d{Index}";

    public string Anchor => $"at-{Index}";

    /// <summary>A reference from the root resource, or from the definition with an $id that is <paramref name="from"/>.</summary>
    public string Reference(Random random, string address, SchemaDefinition? from)
    {
        var root = from is null ? "" : random.Next(2) == 0 ? "root" : address + "root";
        List<string> forms = HasId
            ? [Name, address + Name, $"../{address.Split('/')[^2]}/{Name}"]
            : [$"{root}#/$defs/{Name}", $"{root}#/%24defs/{Name}"];
        if (HasAnchor)
            forms.Add(HasId ? $"{Name}#{Anchor}" : $"{root}#{Anchor}");
        if (HasId && from == this)
            forms.Add("#");
        return forms[random.Next(forms.Count)];
    }
}

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Refuses subschemas that lead back to themselves without going into the document: checking one would never end.</summary>
internal static class SchemaCycles
{
    public static void Refuse(IEnumerable<SchemaNode> nodes, Func<SchemaNode, string, Exception> refuse)
    {
        var done = new HashSet<SchemaNode>();
        var open = new HashSet<SchemaNode>();
        foreach (var node in nodes)
            Visit(node, done, open, refuse);
    }

    private static void Visit(SchemaNode node, HashSet<SchemaNode> done, HashSet<SchemaNode> open, Func<SchemaNode, string, Exception> refuse)
    {
        if (done.Contains(node))
            return;
        if (!open.Add(node))
            throw refuse(node, "$ref leads back to itself without going into the document.");
        if (open.Count > SchemaLimits.MaxNesting / 2)
            throw refuse(node, $"more than {SchemaLimits.MaxNesting / 2} subschemas apply to one value.");
        foreach (var next in node.InPlace)
            Visit(next, done, open, refuse);
        open.Remove(node);
        done.Add(node);
    }
}

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// Closes the object schemas that do not say themselves what else an object may hold. The names of all subschemas that see the same
/// object count together, so that allOf still adds members.
/// </summary>
internal static class ClosedObjects
{
    public static void Mark(IReadOnlyCollection<SchemaNode> nodes, SchemaNode root, Func<SchemaNode, string, Exception> refuse)
    {
        var names = 0;
        foreach (var node in nodes)
        {
            var scope = new HashSet<SchemaNode>();
            Gather(node, scope);
            if (scope.Any(SpeaksOfOthers) || (node != root && !scope.Any(SpeaksOfObjects)))
                continue;
            string[] declared = [.. scope.SelectMany(n => n.Objects?.DeclaredNames ?? []).Distinct(StringComparer.Ordinal)];
            names += declared.Length;
            if (names > SchemaLimits.MaxClosedNames)
                throw refuse(node, $"the closed objects of this schema hold more than {SchemaLimits.MaxClosedNames} names together.");
            node.Close(new ClosedObject(
                declared,
                [.. scope.SelectMany(n => n.Objects?.DeclaredPatterns ?? Enumerable.Empty<SchemaPattern>())]));
        }
    }

    private static bool SpeaksOfOthers(SchemaNode node) => node.Objects?.Additional is not null || node.Unevaluated?.Properties is not null;

    private static bool SpeaksOfObjects(SchemaNode node) =>
        node.Objects is not null || (node.Types != JsonTypes.Any && node.Types.HasFlag(JsonTypes.Object));

    private static void Gather(SchemaNode node, HashSet<SchemaNode> scope)
    {
        if (!scope.Add(node))
            return;
        foreach (var next in node.InPlace)
        {
            // What "not" names is excluded, not declared.
            if (next != node.Composition?.Not)
                Gather(next, scope);
        }
    }
}

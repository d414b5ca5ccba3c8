using System.Text.Json.Nodes;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema.Ajv;

/// <summary>
/// Schemas over a few names and values, of all keywords that Ajv implements as the specification has them. Left out by construction is
/// where Ajv fails the official suite:
/// beside unevaluatedItems it forgets what contains evaluates;
/// beside unevaluated keywords it forgets what "if" and dependentSchemas evaluate, takes for evaluated what a failed alternative has seen,
/// and does not know what a schema evaluates that refers to itself;
/// beside prefixItems it lets contains pass on an empty array;
/// it finds a $dynamicAnchor only at the root of a resource, and $dynamicRef only follows a fragment;
/// its numbers are binary, so decimals that are not exact there do not occur; and it refuses an empty enum.
/// </summary>
internal sealed class SchemaGenerator(Random random)
{
    private const int MaxDepth = 3;

    private string _address = "";
    private SchemaDefinition[] _definitions = [];

    public DocumentGenerator Values { get; } = new(random);

    public Random Random => random;

    /// <summary>Whether unevaluatedItems occurs in the schema at hand.</summary>
    public bool AsksForItems { get; private set; }

    /// <summary>Whether unevaluatedProperties occurs in the schema at hand.</summary>
    public bool AsksForMembers { get; private set; }

    public bool Asks => AsksForItems || AsksForMembers;

    /// <summary>One more schema.</summary>
    /// <param name="number">Makes its addresses its own.</param>
    public JsonObject Next(int number)
    {
        _address = $"https://s.example/{number}/";
        AsksForItems = random.Next(3) == 0;
        AsksForMembers = random.Next(2) == 0;
        if (random.Next(10) == 0)
            return Tree();
        _definitions = [.. Enumerable.Range(0, random.Next(4)).Select(i => new SchemaDefinition(i, random.Next(3) == 0, random.Next(3) == 0))];
        var root = new JsonObject { ["$id"] = _address + "root" };
        if (_definitions.Length > 0)
            root["$defs"] = new JsonObject(_definitions.Select(d => KeyValuePair.Create<string, JsonNode?>(d.Name, Define(d))));
        return Fill(new SchemaSite(this, root, MaxDepth, _definitions.Length, null));
    }

    /// <summary>A subschema of its own.</summary>
    public JsonNode Subschema(SchemaSite site) => random.Next(12) switch
    {
        0 => true,
        1 => false,
        _ => Fill(site),
    };

    /// <summary>A reference to one of the definitions that may be used here; null when there is none.</summary>
    public string? Reference(SchemaSite site)
    {
        if (!site.MayEvaluate)
            return null;
        if (site.Reach > _definitions.Length && random.Next(3) == 0)
            return site.Resource is null ? "#" : "root";
        var reach = Math.Min(site.Reach, _definitions.Length);
        return reach == 0 ? null : _definitions[random.Next(reach)].Reference(random, _address, site.Resource);
    }

    private JsonObject Define(SchemaDefinition definition)
    {
        var schema = new JsonObject();
        if (definition.HasId)
            schema["$id"] = definition.Name;
        if (definition.HasAnchor)
            schema["$anchor"] = definition.Anchor;
        return Fill(new SchemaSite(this, schema, MaxDepth - 1, definition.Index, definition.HasId ? definition : null));
    }

    private JsonObject Fill(SchemaSite site)
    {
        var keywords = site.Depth > 0 ? KeywordGenerators.All : KeywordGenerators.Flat;
        for (var more = random.Next(1, 4); more > 0; more--)
            keywords[random.Next(keywords.Length)](site);
        return site.Schema;
    }

    /// <summary>A tree whose nodes another resource extends, as $dynamicRef is meant to be used.</summary>
    private JsonObject Tree()
    {
        _definitions = [];
        var tree = new JsonObject { ["$id"] = "tree", ["$dynamicAnchor"] = "node" };
        tree["properties"] = new JsonObject
        {
            ["a"] = new JsonObject { ["$dynamicRef"] = "#node" },
            ["b"] = Subschema(new SchemaSite(this, [], 1, 0, null)),
        };
        tree["prefixItems"] = new JsonArray(new JsonObject { ["$dynamicRef"] = "#node" });
        var root = new JsonObject { ["$id"] = _address + "root", ["$dynamicAnchor"] = "node", ["$ref"] = "tree", ["$defs"] = new JsonObject { ["t"] = tree } };
        return Fill(new SchemaSite(this, root, 1, 0, null));
    }
}

/// <summary>Where keywords are added.</summary>
/// <param name="Generator">Makes what they hold.</param>
/// <param name="Schema">The schema that grows.</param>
/// <param name="Depth">How much deeper it may become.</param>
/// <param name="Reach">How many definitions may be referred to, so that no reference leads back without going into the document.</param>
/// <param name="Resource">The definition with an $id that it lies in.</param>
internal sealed record SchemaSite(SchemaGenerator Generator, JsonObject Schema, int Depth, int Reach, SchemaDefinition? Resource)
{
    public Random Random => Generator.Random;

    /// <summary>Whether the schema may fail without the document failing.</summary>
    public bool IsAlternative { get; init; }

    /// <summary>Whether keywords may evaluate members and items.</summary>
    public bool MayEvaluate => !IsAlternative || !Generator.Asks;

    /// <summary>A schema for the same value.</summary>
    public JsonNode InPlace() => Generator.Subschema(this with { Schema = [], Depth = Depth - 1 });

    /// <summary>A schema for the same value that may fail.</summary>
    public JsonNode Alternative() => (this with { IsAlternative = true }).InPlace();

    /// <summary>A schema for a member or an item: from there every definition may be referred to, the root and this one too.</summary>
    public JsonNode Inside() => Generator.Subschema(this with
    {
        Schema = [],
        Depth = Depth - 1,
        Reach = Generator.Asks ? Reach : int.MaxValue,
        IsAlternative = false,
    });

    public JsonArray List(Func<JsonNode> make) => new([.. Enumerable.Range(0, Random.Next(1, 4)).Select(_ => make())]);

    public JsonObject Map(IEnumerable<string> names, Func<JsonNode?> make) =>
        new(names.Where(_ => Random.Next(3) == 0).Select(name => KeyValuePair.Create(name, make())));

    public JsonArray SomeNames() => new([.. DocumentGenerator.Names.Where(_ => Random.Next(4) == 0).Select(name => (JsonNode)name)]);
}

using System.Text.Json.Nodes;
using Google.Api;
using Google.Protobuf.Reflection;

namespace AgentRuntime.FrontDoor.OpenApi;

/// <summary>Messages and enums as JSON Schema, in the form that proto3 gives them in JSON. What is named by another one is taken in with it.</summary>
internal sealed class SchemaSet
{
    private static readonly HashSet<string> ShownOtherwise = ["google.protobuf.Timestamp", "google.protobuf.Empty", "google.protobuf.Any"];

    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);

    /// <summary>All that was asked for, by name.</summary>
    public JsonObject ToJson() => new(_schemas.Select(each => KeyValuePair.Create<string, JsonNode?>(each.Key, each.Value)));

    public JsonObject ReferTo(MessageDescriptor message)
    {
        if (ShownOtherwise.Contains(message.FullName)) return WellKnown(message);
        if (_schemas.TryAdd(message.Name, [])) _schemas[message.Name] = Describe(message, without: null);
        return Reference(message.Name);
    }

    /// <summary>A message as an object. <paramref name="without"/> names a field that stands in the path.</summary>
    public JsonObject Describe(MessageDescriptor message, string? without)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var field in message.Fields.InDeclarationOrder().Where(field => field.Name != without))
        {
            properties[field.JsonName] = Describe(field);
            if (IsRequired(field)) required.Add(field.JsonName);
        }

        var schema = new JsonObject { ["type"] = "object", ["description"] = WireDescriptors.CommentOf(message) };
        if (properties.Count > 0) schema["properties"] = properties;
        if (required.Count > 0) schema["required"] = required;
        return schema;
    }

    public JsonObject Describe(FieldDescriptor field)
    {
        var schema = Shape(field);
        schema["description"] = DescriptionOf(field);
        if (Is(field, FieldBehavior.OutputOnly)) schema["readOnly"] = true;
        return schema;
    }

    public static bool IsRequired(FieldDescriptor field) => Is(field, FieldBehavior.Required);

    public static string DescriptionOf(FieldDescriptor field)
    {
        var description = WireDescriptors.CommentOf(field);
        if (field.RealContainingOneof is not { } choice) return description;
        var others = choice.Fields.Where(each => each != field).Select(each => $"`{each.JsonName}`");
        return $"{description} Only one of this and {string.Join(", ", others)} is set.";
    }

    private static bool Is(FieldDescriptor field, FieldBehavior behaviour) =>
        field.GetOptions()?.GetExtension(FieldBehaviorExtensions.FieldBehavior) is { } behaviours && behaviours.Contains(behaviour);

    private JsonObject Shape(FieldDescriptor field)
    {
        if (field.IsMap) return new JsonObject { ["type"] = "object", ["additionalProperties"] = Single(field.MessageType.FindFieldByNumber(2)) };
        return field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = Single(field) } : Single(field);
    }

    private JsonObject Single(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => ReferTo(field.MessageType),
        FieldType.Enum => ReferTo(field.EnumType),
        FieldType.Bool => Type("boolean"),
        FieldType.String => Type("string"),
        FieldType.Bytes => Type("string", "byte"),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => Type("integer", "int32"),
        FieldType.UInt32 or FieldType.Fixed32 => Type("integer", "int64"),

        // JSON's numbers lose integers above 2^53.
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => Type("string", "int64"),
        FieldType.UInt64 or FieldType.Fixed64 => Type("string", "uint64"),
        _ => Type("number"),
    };

    private JsonObject ReferTo(EnumDescriptor @enum)
    {
        var values = @enum.Values.Select(value => $"- `{value.Name}`: {WireDescriptors.CommentOf(value)}");
        _schemas.TryAdd(@enum.Name, new JsonObject
        {
            ["type"] = "string",
            ["description"] = $"{WireDescriptors.CommentOf(@enum)}\n\n{string.Join('\n', values)}",
            ["enum"] = new JsonArray([.. @enum.Values.Select(value => JsonValue.Create(value.Name))]),
        });
        return Reference(@enum.Name);
    }

    private static JsonObject WellKnown(MessageDescriptor message) => message.Name switch
    {
        "Timestamp" => Type("string", "date-time"),
        "Any" => new JsonObject
        {
            ["type"] = "object",
            ["description"] = "A message; `@type` says which.",
            ["properties"] = new JsonObject { ["@type"] = new JsonObject { ["type"] = "string", ["description"] = "`type.googleapis.com/` and the message's name." } },
            ["additionalProperties"] = true,
        },
        _ => new JsonObject { ["type"] = "object", ["description"] = "Nothing." },
    };

    private static JsonObject Type(string type, string? format = null)
    {
        var schema = new JsonObject { ["type"] = type };
        if (format is not null) schema["format"] = format;
        return schema;
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };
}

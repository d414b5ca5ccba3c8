using System.Globalization;
using System.Text.Json;
using AgentRuntime.Common.Yaml;

namespace AgentRuntime.Models.Rules;

/// <summary>One argument of a call: JSON with places for captures in its texts.</summary>
internal abstract record ArgumentTemplate
{
    /// <summary>Writes the value. False when a capture does not have the form that is asked for.</summary>
    public abstract bool TryWrite(Utf8JsonWriter json, Captures captures);

    public static ArgumentTemplate Read(YamlValue value, string key, IReadOnlyCollection<string> known) => value switch
    {
        YamlMap map => new Members([.. map.Entries.Select(entry => (entry.Key, Read(entry.Value, entry.Key, known)))]),
        YamlList list => new Items([.. list.Items.Select(item => Read(item, key, known))]),
        YamlScalar { IsNull: true } scalar => new Constant(scalar),
        YamlScalar scalar when scalar.Text.AsSpan().IndexOfAny('{', '}') < 0 => new Constant(scalar),
        _ => ReadText(value, key, known),
    };

    private static Text ReadText(YamlValue value, string key, IReadOnlyCollection<string> known)
    {
        var template = RuleTemplate.Read(value, key, known);
        if (template.OnlyPlace is null && template.Places.Any(place => place.Form.Length > 0))
            throw value.Place.Refuse($"'{key}' mixes a form with other text. A form such as ':number' stands alone.");
        return new Text(template);
    }

    private sealed record Members(IReadOnlyList<(string Name, ArgumentTemplate Value)> All) : ArgumentTemplate
    {
        public override bool TryWrite(Utf8JsonWriter json, Captures captures)
        {
            json.WriteStartObject();
            foreach (var (name, value) in All)
            {
                json.WritePropertyName(name);
                if (!value.TryWrite(json, captures)) return false;
            }

            json.WriteEndObject();
            return true;
        }
    }

    private sealed record Items(IReadOnlyList<ArgumentTemplate> All) : ArgumentTemplate
    {
        public override bool TryWrite(Utf8JsonWriter json, Captures captures)
        {
            json.WriteStartArray();
            foreach (var value in All)
                if (!value.TryWrite(json, captures)) return false;
            json.WriteEndArray();
            return true;
        }
    }

    private sealed record Constant(YamlScalar Scalar) : ArgumentTemplate
    {
        public override bool TryWrite(Utf8JsonWriter json, Captures captures)
        {
            YamlJson.WriteScalar(json, Scalar);
            return true;
        }
    }

    private sealed record Text(RuleTemplate Template) : ArgumentTemplate
    {
        public override bool TryWrite(Utf8JsonWriter json, Captures captures)
        {
            if (Template.OnlyPlace is not { Form.Length: > 0 } place)
            {
                json.WriteStringValue(Template.Fill(captures));
                return true;
            }

            if (place.Form == "json")
            {
                captures.Json(place.Name).WriteTo(json);
                return true;
            }

            if (!decimal.TryParse(captures.Text(place.Name), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return false;
            json.WriteNumberValue(number);
            return true;
        }
    }
}

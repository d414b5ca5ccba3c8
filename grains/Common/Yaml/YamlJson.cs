using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentRuntime.Common.Yaml;

/// <summary>YAML values as JSON. Unquoted null, true, false and numbers are those; every other text is a string, also "yes" and "no".</summary>
internal static class YamlJson
{
    public static string ToJson(YamlValue value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer)) Write(json, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, YamlValue value)
    {
        switch (value)
        {
            case YamlMap map:
                json.WriteStartObject();
                foreach (var entry in map.Entries)
                {
                    json.WritePropertyName(entry.Key);
                    Write(json, entry.Value);
                }

                json.WriteEndObject();
                break;
            case YamlList list:
                json.WriteStartArray();
                foreach (var item in list.Items) Write(json, item);
                json.WriteEndArray();
                break;
            case YamlScalar scalar:
                WriteScalar(json, scalar);
                break;
        }
    }

    public static void WriteScalar(Utf8JsonWriter json, YamlScalar scalar)
    {
        if (scalar.IsNull) json.WriteNullValue();
        else if (!scalar.IsPlain) json.WriteStringValue(scalar.Text);
        else if (scalar.Text is "true" or "false") json.WriteBooleanValue(scalar.Text == "true");
        else if (long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) json.WriteNumberValue(whole);
        else if (decimal.TryParse(scalar.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            json.WriteNumberValue(number);
        else json.WriteStringValue(scalar.Text);
    }
}

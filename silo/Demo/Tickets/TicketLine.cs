using System.Globalization;
using System.Text.Json;
using AgentRuntime.Common;

namespace AgentRuntime.Demo.Tickets;

/// <summary>Reads one line of a ticket file.</summary>
internal static class TicketLine
{
    public const int MaxIdChars = 40;
    public const int MaxNameChars = 200;
    public const int MaxBodyChars = 20_000;
    public const string DayFormat = "yyyy-MM-dd";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };
    private static readonly string[] Keys = ["id", "received", "customer", "subject", "body", "expectedLabel", "expectedAction"];
    private static readonly string[] Labels =
        ["account-access", "billing", "bug", "cancellation", "feature-request", "how-to", "privacy", "refund", "shipping", "none"];

    private static readonly string[] Actions = ["answer", "refund", "decline", "person"];

    public static Ticket Read(string line, string where, DateOnly today)
    {
        try
        {
            using var json = JsonDocument.Parse(line, Strict);
            return Read(json.RootElement, where, today);
        }
        catch (JsonException malformed)
        {
            throw new InvalidInputException(where, $"is no JSON object: {malformed.Message.ReplaceLineEndings(" ")}");
        }
        catch (InvalidOperationException)
        {
            throw new InvalidInputException(where, "holds half a surrogate pair. Write the character whole.");
        }
    }

    private static Ticket Read(JsonElement json, string where, DateOnly today)
    {
        if (json.ValueKind != JsonValueKind.Object) throw new InvalidInputException(where, "must be a JSON object in one line.");
        foreach (var property in json.EnumerateObject())
            if (!Keys.Contains(property.Name))
                throw new InvalidInputException(where, $"has no key '{Shown.Text(property.Name)}'. Known: {string.Join(", ", Keys)}.");

        var id = Text("id", MaxIdChars) ?? throw Missing("id");
        if (!id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
            throw new InvalidInputException(where, $"id '{Shown.Text(id)}' must be 1 to {MaxIdChars} letters, digits and '-'.");
        return new Ticket(
            id,
            Day() ?? today.ToString(DayFormat, CultureInfo.InvariantCulture),
            Text("customer", MaxNameChars) ?? throw Missing("customer"),
            Text("subject", MaxNameChars) ?? throw Missing("subject"),
            Text("body", MaxBodyChars) ?? throw Missing("body"),
            Word("expectedLabel", Labels),
            Word("expectedAction", Actions));

        InvalidInputException Missing(string key) => new(where, $"needs '{key}'.");

        string? Text(string key, int maxChars)
        {
            if (!json.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null) return null;
            if (value.ValueKind != JsonValueKind.String) throw new InvalidInputException(where, $"'{key}' must be a text, not {value.ValueKind}.");
            var text = value.GetString()!;
            return text.Length > 0 && text.Length <= maxChars
                ? text
                : throw new InvalidInputException(where, $"'{key}' must be 1 to {maxChars} characters, not {text.Length}.");
        }

        string? Day() => Text("received", DayFormat.Length) is not { } day || DateOnly.TryParseExact(day, DayFormat, out _)
            ? Text("received", DayFormat.Length)
            : throw new InvalidInputException(where, $"'received' must be a day such as 2026-03-02, not '{Shown.Text(day)}'.");

        string? Word(string key, string[] words) => Text(key, MaxNameChars) is not { } word || words.Contains(word)
            ? Text(key, MaxNameChars)
            : throw new InvalidInputException(where, $"'{key}' must be one of {string.Join(", ", words)}, not '{Shown.Text(word)}'.");
    }
}

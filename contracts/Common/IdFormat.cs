namespace AgentRuntime.Common;

/// <summary>
/// The one spelling of ids: <c>[a-z0-9-]{1,64}</c>. Anything else is refused rather than normalised, so that two spellings can
/// never mean one tenant, and an id is safe in a path, a key and a URL.
/// </summary>
public static class IdFormat
{
    /// <summary>The longest id, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether <paramref name="value"/> is a well-formed id.</summary>
    public static bool IsValid(ReadOnlySpan<char> value) =>
        value.Length is > 0 and <= MaxLength && !value.ContainsAnyExcept(Allowed);

    /// <summary>Returns <paramref name="value"/> if it is a well-formed id.</summary>
    /// <exception cref="InvalidInputException">It is not; the message names <paramref name="field"/>.</exception>
    public static string Require(string? value, string field) => IsValid(value)
        ? value!
        : throw new InvalidInputException(field, $"must be 1 to {MaxLength} characters of a-z, 0-9 and '-'.");

    private static readonly System.Buffers.SearchValues<char> Allowed =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");
}

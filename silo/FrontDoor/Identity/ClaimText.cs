using System.Globalization;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>What names of people, services and roles may hold, whoever says them.</summary>
internal static class ClaimText
{
    private const int MaxChars = 256;

    public static string Rule { get; } = $"is empty, longer than {MaxChars} characters, or holds '|', control or format characters.";

    public static bool IsValid(string text) => text.Length is > 0 and <= MaxChars && !text.Any(IsUnsafe);

    // '|' separates the parts of Principal.Identity; the rest could make one person look like another.
    private static bool IsUnsafe(char c) =>
        c == '|' || char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Surrogate;
}

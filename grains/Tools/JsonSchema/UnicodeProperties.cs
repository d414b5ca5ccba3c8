using System.Collections.Frozen;
using System.Globalization;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The properties that \p{...} may name: general categories (ECMA-262, table 70), Any and ASCII.</summary>
internal static class UnicodeProperties
{
    // Category names are those of UAX 44; the letter alone stands for the group.
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["Cased_Letter"] = "LC",
        ["Close_Punctuation"] = "Pe",
        ["Combining_Mark"] = "M",
        ["Connector_Punctuation"] = "Pc",
        ["Control"] = "Cc",
        ["Currency_Symbol"] = "Sc",
        ["Dash_Punctuation"] = "Pd",
        ["Decimal_Number"] = "Nd",
        ["Enclosing_Mark"] = "Me",
        ["Final_Punctuation"] = "Pf",
        ["Format"] = "Cf",
        ["Initial_Punctuation"] = "Pi",
        ["Letter"] = "L",
        ["Letter_Number"] = "Nl",
        ["Line_Separator"] = "Zl",
        ["Lowercase_Letter"] = "Ll",
        ["Mark"] = "M",
        ["Math_Symbol"] = "Sm",
        ["Modifier_Letter"] = "Lm",
        ["Modifier_Symbol"] = "Sk",
        ["Nonspacing_Mark"] = "Mn",
        ["Number"] = "N",
        ["Open_Punctuation"] = "Ps",
        ["Other_Letter"] = "Lo",
        ["Other_Number"] = "No",
        ["Other_Punctuation"] = "Po",
        ["Other_Symbol"] = "So",
        ["Paragraph_Separator"] = "Zp",
        ["Punctuation"] = "P",
        ["Separator"] = "Z",
        ["Space_Separator"] = "Zs",
        ["Spacing_Mark"] = "Mc",
        ["Symbol"] = "S",
        ["Titlecase_Letter"] = "Lt",
        ["Uppercase_Letter"] = "Lu",
        ["cntrl"] = "Cc",
        ["digit"] = "Nd",
        ["punct"] = "P",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<UnicodeCategory, string> Codes = new Dictionary<UnicodeCategory, string>
    {
        [UnicodeCategory.UppercaseLetter] = "Lu",
        [UnicodeCategory.LowercaseLetter] = "Ll",
        [UnicodeCategory.TitlecaseLetter] = "Lt",
        [UnicodeCategory.ModifierLetter] = "Lm",
        [UnicodeCategory.OtherLetter] = "Lo",
        [UnicodeCategory.NonSpacingMark] = "Mn",
        [UnicodeCategory.SpacingCombiningMark] = "Mc",
        [UnicodeCategory.EnclosingMark] = "Me",
        [UnicodeCategory.DecimalDigitNumber] = "Nd",
        [UnicodeCategory.LetterNumber] = "Nl",
        [UnicodeCategory.OtherNumber] = "No",
        [UnicodeCategory.SpaceSeparator] = "Zs",
        [UnicodeCategory.LineSeparator] = "Zl",
        [UnicodeCategory.ParagraphSeparator] = "Zp",
        [UnicodeCategory.Control] = "Cc",
        [UnicodeCategory.Format] = "Cf",
        [UnicodeCategory.ConnectorPunctuation] = "Pc",
        [UnicodeCategory.DashPunctuation] = "Pd",
        [UnicodeCategory.OpenPunctuation] = "Ps",
        [UnicodeCategory.ClosePunctuation] = "Pe",
        [UnicodeCategory.InitialQuotePunctuation] = "Pi",
        [UnicodeCategory.FinalQuotePunctuation] = "Pf",
        [UnicodeCategory.OtherPunctuation] = "Po",
        [UnicodeCategory.MathSymbol] = "Sm",
        [UnicodeCategory.CurrencySymbol] = "Sc",
        [UnicodeCategory.ModifierSymbol] = "Sk",
        [UnicodeCategory.OtherSymbol] = "So",
    }.ToFrozenDictionary();

    private static readonly Lazy<Dictionary<string, CodePointSet>> Categories = new(ReadCategories);

    /// <summary>The characters with a property; null when it is not one that can be named here.</summary>
    public static CodePointSet? Find(string property)
    {
        var equals = property.IndexOf('=', StringComparison.Ordinal);
        if (equals >= 0 && property[..equals] is not ("General_Category" or "gc"))
            return null;
        var name = property[(equals + 1)..];
        return name switch
        {
            "Any" when equals < 0 => CodePointSet.Of().Complement(),
            "ASCII" when equals < 0 => CodePointSet.Of((0, 0x7F)),
            _ => Categories.Value.GetValueOrDefault(Aliases.GetValueOrDefault(name, name)),
        };
    }

    private static Dictionary<string, CodePointSet> ReadCategories()
    {
        var sets = new Dictionary<string, CodePointSet>(StringComparer.Ordinal);
        for (var first = 0; first <= 0x10FFFF;)
        {
            var category = CharUnicodeInfo.GetUnicodeCategory(first);
            var last = first;
            while (last < 0x10FFFF && CharUnicodeInfo.GetUnicodeCategory(last + 1) == category)
                last++;
            foreach (var name in Codes.TryGetValue(category, out var code) ? Groups(code) : [])
            {
                if (!sets.TryGetValue(name, out var set))
                    sets.Add(name, set = new CodePointSet());
                set.Add(first, last);
            }

            first = last + 1;
        }

        return sets;
    }

    // The group C would hold what no character is assigned to, which differs between editions of Unicode.
    private static string[] Groups(string code) => code[0] switch
    {
        'L' when code is "Lu" or "Ll" or "Lt" => [code, "L", "LC"],
        'C' => [code],
        _ => [code, code[..1]],
    };
}

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The bounds of schemas and of the work that one document may cause. Beyond them the answer is no.</summary>
internal static class SchemaLimits
{
    /// <summary>Characters of a schema's text.</summary>
    public const int MaxSchemaChars = 256 * 1024;

    /// <summary>Nesting of a schema and of a document.</summary>
    public const int MaxDepth = 64;

    /// <summary>Subschemas of one schema.</summary>
    public const int MaxNodes = 5_000;

    /// <summary>Ways in which resources with dynamic anchors enter each other: each compiles subschemas anew.</summary>
    public const int MaxDynamicScopes = 200;

    /// <summary>Names that one object schema may mention.</summary>
    public const int MaxNames = 1_000;

    /// <summary>Names that all closed objects of one schema hold together: each keeps its own table of them.</summary>
    public const int MaxClosedNames = 50_000;

    /// <summary>Regular expressions of one schema.</summary>
    public const int MaxPatterns = 200;

    /// <summary>Values of one enum.</summary>
    public const int MaxEnumValues = 1_000;

    /// <summary>Characters of one regular expression.</summary>
    public const int MaxPatternChars = 1_000;

    /// <summary>Characters of all regular expressions of one schema when their sets are written out: \p{L} takes about 5,000.</summary>
    public const int MaxPatternText = 256 * 1024;

    /// <summary>Product of the counts of one regular expression's quantifiers: each repeats its part of the automaton.</summary>
    public const int MaxPatternRepeats = 10_000;

    /// <summary>Subschemas visited for one document: nested alternatives multiply.</summary>
    public const int MaxSteps = 2_000_000;

    /// <summary>Subschemas open at once: what the stack of a thread carries with a wide margin.</summary>
    public const int MaxNesting = 512;

    /// <summary>Errors reported for one document.</summary>
    public const int MaxErrors = 16;

    /// <summary>Characters of a number that are read exactly.</summary>
    public const int MaxNumberChars = 1_024;

    /// <summary>Decimal exponent of a number, either way.</summary>
    public const int MaxExponent = 100_000;
}

using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// A JSON Schema (2020-12, or draft-07 where it means the same), compiled. Safe for use by many threads. A keyword that it does not
/// implement in full is refused when compiled, so that a schema never promises more than is checked. format and the content keywords are
/// annotations, as 2020-12 has it.
/// </summary>
internal sealed class JsonSchemaValidator
{
    private static readonly Dictionary<Uri, string> NoDocuments = [];

    private readonly SchemaNode _root;
    private readonly bool _marks;

    internal JsonSchemaValidator(SchemaNode root, bool marks)
    {
        _root = root;
        _marks = marks;
    }

    /// <summary>Compiles a schema.</summary>
    /// <param name="schema">The schema as JSON text.</param>
    /// <param name="field">How the caller calls this schema.</param>
    /// <param name="objects">What objects may hold that no keyword names.</param>
    /// <param name="documents">
    /// Schemas that it may refer to, by their address. The metaschemas are always there; what is neither there nor here nor part of the
    /// schema is refused, for nothing is fetched.
    /// </param>
    /// <exception cref="Common.InvalidInputException">
    /// It is no JSON, too large, malformed, refers to what is not there, or uses a keyword that is not supported.
    /// </exception>
    public static JsonSchemaValidator Compile(
        string schema, string field, ObjectPolicy objects, IReadOnlyDictionary<Uri, string>? documents = null) =>
        SchemaCompiler.Compile(schema, field, objects, documents ?? NoDocuments);

    /// <summary>Whether the document fits. Allocates nothing for most schemas.</summary>
    public bool IsValid(in JsonElement document)
    {
        var raw = JsonMarshal.GetRawUtf8Value(document);
        var hasEscapes = raw.Contains((byte)'\\');
        if ((hasEscapes && SurrogatePairs.HasHalf(raw)) || NumberSize.HasTooLarge(raw))
            return false;
        var evaluation = new Evaluation(Marks(), hasEscapes, null);
        return _root.CheckWhole(document, ref evaluation) && !evaluation.Overrun;
    }

    /// <summary>What is wrong with the document, at most <see cref="SchemaLimits.MaxErrors"/>; empty when it fits.</summary>
    public IReadOnlyList<SchemaError> Validate(in JsonElement document)
    {
        if (IsValid(document))
            return [];
        if (SurrogatePairs.HasHalf(JsonMarshal.GetRawUtf8Value(document)))
            return [new SchemaError("", "$schema", "holds half of a surrogate pair, which is no text")];
        if (NumberSize.HasTooLarge(JsonMarshal.GetRawUtf8Value(document)))
            return [new SchemaError("", "$schema", $"holds a number of more than {SchemaLimits.MaxNumberChars} characters or with an exponent beyond {SchemaLimits.MaxExponent}")];
        var errors = new List<SchemaError>();
        var evaluation = new Evaluation(Marks(), hasEscapes: true, errors);
        _root.CheckWhole(document, ref evaluation);
        if (evaluation.Overrun || errors.Count == 0)
            errors.Insert(0, new SchemaError("", "$schema", "is too deep or takes too much work to check"));
        return errors;
    }

    private EvaluatedMarks? Marks() => _marks ? new EvaluatedMarks() : null;
}

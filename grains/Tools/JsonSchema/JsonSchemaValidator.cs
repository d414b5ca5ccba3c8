using System.Runtime.InteropServices;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// A JSON Schema (2020-12, or draft-07 where it means the same), compiled. Safe for use by many threads. A keyword that it does not
/// implement in full is refused when compiled, so that a schema never promises more than is checked.
/// </summary>
internal sealed class JsonSchemaValidator
{
    private readonly SchemaNode _root;

    internal JsonSchemaValidator(SchemaNode root) => _root = root;

    /// <summary>Compiles a schema.</summary>
    /// <param name="schema">The schema as JSON text.</param>
    /// <param name="field">How the caller calls this schema.</param>
    /// <param name="objects">What objects may hold that no keyword names.</param>
    /// <exception cref="Common.InvalidInputException">It is no JSON, too large, malformed, or uses a keyword that is not supported.</exception>
    public static JsonSchemaValidator Compile(string schema, string field, ObjectPolicy objects) =>
        new(SchemaCompiler.Compile(schema, field, objects));

    /// <summary>Whether the document fits. Allocates nothing for most schemas.</summary>
    public bool IsValid(in JsonElement document)
    {
        if (SurrogatePairs.HasHalf(JsonMarshal.GetRawUtf8Value(document)))
            return false;
        var evaluation = new Evaluation(null);
        return _root.CheckWhole(document, ref evaluation) && !evaluation.Overrun;
    }

    /// <summary>What is wrong with the document, at most <see cref="SchemaLimits.MaxErrors"/>; empty when it fits.</summary>
    public IReadOnlyList<SchemaError> Validate(in JsonElement document)
    {
        if (IsValid(document))
            return [];
        if (SurrogatePairs.HasHalf(JsonMarshal.GetRawUtf8Value(document)))
            return [new SchemaError("", "$schema", "holds half of a surrogate pair, which is no text")];
        var errors = new List<SchemaError>();
        var evaluation = new Evaluation(errors);
        _root.CheckWhole(document, ref evaluation);
        if (evaluation.Overrun || errors.Count == 0)
            errors.Insert(0, new SchemaError("", "$schema", "is too deep or takes too much work to check"));
        return errors;
    }
}

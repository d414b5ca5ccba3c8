using System.Text;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>The parameters of a presigned request: those that it has by rule, each once, and no other.</summary>
internal sealed class ProofQuery
{
    private const string Token = "X-Amz-Security-Token";

    private static readonly string[] Names =
    [
        "Action", "Version", "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", Token, "X-Amz-Signature", "X-Amz-SignedHeaders",
    ];

    private readonly string?[] _values = new string?[Names.Length];

    private ProofQuery()
    {
    }

    public string this[string name] => _values[Array.IndexOf(Names, name)]!;

    /// <exception cref="RefusedProofException">One is missing, there twice, unknown, or not well encoded.</exception>
    public static ProofQuery Parse(string text)
    {
        var query = new ProofQuery();
        var pairs = text.Split('&', Names.Length + 1);
        if (pairs.Length > Names.Length) throw new RefusedProofException("parameters");
        foreach (var pair in pairs)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var index = equals < 0 ? -1 : Array.IndexOf(Names, pair[..equals]);
            if (index < 0 || query._values[index] is not null) throw new RefusedProofException("parameters");
            query._values[index] = Decode(pair.AsSpan(equals + 1));
        }

        if (Array.Exists(Names, name => name != Token && query[name] is null)) throw new RefusedProofException("parameters");
        return query;
    }

    /// <exception cref="RefusedProofException">The parameter says something else.</exception>
    public void Require(string name, string value)
    {
        if (this[name] != value) throw new RefusedProofException($"parameter_{name}");
    }

    /// <summary>The parameters, encoded anew.</summary>
    public override string ToString() => string.Join('&', Names.Where(name => this[name] is not null).Select(name => $"{name}={Uri.EscapeDataString(this[name])}"));

    private static string Decode(ReadOnlySpan<char> text)
    {
        var value = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '%') value.Append(Hexed(text, ref at));
            else if (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '.' or '_' or '~') value.Append(text[at]);
            else throw new RefusedProofException("encoding");
        }

        return value.Length > 0 ? value.ToString() : throw new RefusedProofException("parameters");
    }

    private static char Hexed(ReadOnlySpan<char> text, ref int at)
    {
        if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2])) throw new RefusedProofException("encoding");
        var letter = (char)Convert.FromHexString(text.Slice(at + 1, 2))[0];
        at += 2;
        return letter is > ' ' and < (char)127 ? letter : throw new RefusedProofException("encoding");
    }
}

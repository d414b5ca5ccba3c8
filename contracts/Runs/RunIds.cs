using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Common;

namespace AgentRuntime.Runs;

/// <summary>
/// Run ids follow from what starts the run, so that starting is idempotent without a look-up: the same request reaches the same grain.
/// An id is no capability; tenant and role are checked on every call.
/// </summary>
public static class RunIds
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>The id of the run that <paramref name="requestId"/> starts in <paramref name="tenant"/>: 26 characters of 130 bits of SHA-256.</summary>
    /// <exception cref="InvalidInputException">The request id is empty or longer than 128 characters.</exception>
    public static RunId FromRequest(TenantId tenant, string requestId)
    {
        if (requestId is not { Length: > 0 and <= 128 }) throw new InvalidInputException("request_id", "must be 1 to 128 characters.");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"run\0{tenant}\0{requestId}"), hash);
        return RunId.Parse(Base32(hash[..17]));
    }

    private static string Base32(ReadOnlySpan<byte> bytes)
    {
        Span<char> text = stackalloc char[26];
        for (var i = 0; i < text.Length; i++)
        {
            var bit = i * 5;
            var window = (bytes[bit / 8] << 8) | (bit / 8 + 1 < bytes.Length ? bytes[bit / 8 + 1] : 0);
            text[i] = Alphabet[(window >> (11 - bit % 8)) & 31];
        }

        return new string(text);
    }
}

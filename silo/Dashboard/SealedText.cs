using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Embedded.Folder;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.Dashboard;

/// <summary>
/// Text that a browser keeps for us and cannot change: <c>until.text.mac</c>, HMAC-SHA256 with a key of this cluster and one purpose. Any silo of the
/// cluster reads it. It hides nothing.
/// </summary>
internal sealed class SealedText(DataFolder folder, TimeProvider time)
{
    private const int MaxChars = 4_096;

    private readonly byte[] _key = folder.DeriveKey("dashboard/1");

    public string Seal(string purpose, string text, TimeSpan life)
    {
        var body = string.Create(CultureInfo.InvariantCulture, $"{(time.GetUtcNow() + life).ToUnixTimeSeconds()}.{Base64UrlEncoder.Encode(text)}");
        return $"{body}.{Base64UrlEncoder.Encode(Mac(purpose, body))}";
    }

    /// <summary>The text. Null: it was not sealed here for this purpose, or its time is over.</summary>
    public string? Open(string purpose, string? cookie)
    {
        if (cookie is not { Length: > 0 and <= MaxChars } || cookie.Split('.') is not [var until, var text, var mac]) return null;
        try
        {
            if (!CryptographicOperations.FixedTimeEquals(Base64UrlEncoder.DecodeBytes(mac), Mac(purpose, $"{until}.{text}"))) return null;
            return time.GetUtcNow().ToUnixTimeSeconds() < long.Parse(until, CultureInfo.InvariantCulture) ? Base64UrlEncoder.Decode(text) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private byte[] Mac(string purpose, string body) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{purpose}\n{body}"));
}

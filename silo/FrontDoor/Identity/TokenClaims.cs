using System.Text.Json;
using AgentRuntime.Common;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.FrontDoor.Identity;

/// <summary>
/// The claims of a token, read from its text: what the library makes of claims depends on their names and values. Each claim has the form that it
/// should, or the token is refused.
/// </summary>
internal sealed class TokenClaims : IDisposable
{
    public const int MaxTokenChars = 8 * 1024;
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private const int MaxRoles = 256;
    private const long MaxUnixSeconds = 253_402_300_799;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    private readonly JsonDocument _payload;

    private TokenClaims(JsonDocument payload) => _payload = payload;

    /// <summary>Refuses what is too long to be looked at.</summary>
    public static void RequireSize(string token)
    {
        if (token.Length > MaxTokenChars) throw TokenRefusal.Because($"is longer than {MaxTokenChars} characters; ask its issuer for fewer claims.");
    }

    public static TokenClaims Of(JsonWebToken token) => new(Parse(token.EncodedPayload));

    /// <summary>Refuses headers that nobody would read as we do: a name twice, or an extension that must be understood (RFC 7515, section 4.1.11).</summary>
    public static void RequirePlainHeader(JsonWebToken token)
    {
        using var header = Parse(token.EncodedHeader);
        if (header.RootElement.TryGetProperty("crit", out _)) throw TokenRefusal.Because("asks in its header for an extension; send a token without crit.");
    }

    public string Text(string name) => OptionalText(name) ?? throw TokenRefusal.Because($"its claim {name} is missing.");

    public string? OptionalText(string name)
    {
        if (!_payload.RootElement.TryGetProperty(name, out var claim)) return null;
        var text = claim.ValueKind == JsonValueKind.String ? claim.GetString()! : throw TokenRefusal.Because($"its claim {name} is no text.");
        return ClaimText.IsValid(text) ? text : throw TokenRefusal.Because($"its claim {name} {ClaimText.Rule}");
    }

    public TenantId? Tenant(string name) =>
        OptionalText(name) is not { } tenant ? null
        : IdFormat.IsValid(tenant) ? TenantId.Parse(tenant)
        : throw TokenRefusal.Because("its tenant is no id of a-z, 0-9 and '-'.");

    /// <summary>A list of texts.</summary>
    public string[] Texts(string name)
    {
        if (!_payload.RootElement.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxRoles)
        {
            throw TokenRefusal.Because($"its claim {name} is no list of at most {MaxRoles}.");
        }

        return [.. list.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw TokenRefusal.Because("a role is no text."))];
    }

    /// <summary>A list of texts, or one text.</summary>
    public string[] TextOrTexts(string name) =>
        _payload.RootElement.TryGetProperty(name, out var claim) && claim.ValueKind == JsonValueKind.String ? [claim.GetString()!] : Texts(name);

    /// <summary>A time in seconds since 1970; null where there is no such claim.</summary>
    public DateTimeOffset? Time(string name) =>
        !_payload.RootElement.TryGetProperty(name, out var claim) ? null
        : claim.ValueKind == JsonValueKind.Number && claim.TryGetInt64(out var seconds) && seconds is >= 0 and <= MaxUnixSeconds ? DateTimeOffset.FromUnixTimeSeconds(seconds)
        : throw TokenRefusal.Because($"its claim {name} is no time.");

    public void Dispose() => _payload.Dispose();

    private static JsonDocument Parse(string encoded)
    {
        try
        {
            return JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(encoded), Strict);
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            throw TokenRefusal.Because("has a claim twice, or too deep.");
        }
    }
}

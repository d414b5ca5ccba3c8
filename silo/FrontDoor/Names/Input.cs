using System.Text;
using System.Text.Json;
using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Names;

/// <summary>Checks of the shape of what callers send, before anything is done with it.</summary>
internal static class Input
{
    public static string Text(string value, string field, int maxBytes)
    {
        if (value.Length == 0) throw new InvalidInputException(field, "must not be empty.");
        if (Encoding.UTF8.GetByteCount(value) > maxBytes) throw new InvalidInputException(field, $"must be at most {maxBytes} bytes.");
        return value;
    }

    public static string RequestId(string value)
    {
        if (value.Length is > 0 and <= FrontDoorLimits.MaxRequestIdChars && value.All(c => c is > ' ' and <= '~')) return value;
        throw new InvalidInputException("request_id", $"must be 1 to {FrontDoorLimits.MaxRequestIdChars} visible ASCII characters; it makes a repeated request safe.");
    }

    public static string Reason(string value, bool required)
    {
        if (required && string.IsNullOrWhiteSpace(value)) throw new InvalidInputException("reason", "must not be empty; it is recorded.");
        if (value.Length <= FrontDoorLimits.MaxReasonChars) return value;
        throw new InvalidInputException("reason", $"must be at most {FrontDoorLimits.MaxReasonChars} characters.");
    }

    public static string? OnBehalfOf(string value)
    {
        if (value.Length == 0) return null;
        if (value.Length <= FrontDoorLimits.MaxOnBehalfOfChars && !value.Any(char.IsControl)) return value;
        throw new InvalidInputException("on_behalf_of", $"must be at most {FrontDoorLimits.MaxOnBehalfOfChars} characters without control characters.");
    }

    public static string ContractHash(string value, bool required)
    {
        if (value.Length == 0 && !required) return value;
        if (value.Length == 64 && value.All(char.IsAsciiHexDigitLower)) return value;
        throw new InvalidInputException("contract_hash", "must be 64 hex digits, as register and get show them.");
    }

    /// <summary>An etag as the runtime wrote it; null writes regardless.</summary>
    public static string? Etag(string value)
    {
        if (value.Length == 0) return null;
        return value.Length <= FrontDoorLimits.MaxEtagChars ? value : throw new InvalidInputException("etag", "is none of this API; get the resource to have it.");
    }

    public static string? Json(string? value, string field)
    {
        if (value is null) return null;
        Text(value, field, FrontDoorLimits.MaxInputBytes);
        try
        {
            using var parsed = JsonDocument.Parse(value, new JsonDocumentOptions { MaxDepth = FrontDoorLimits.MaxJsonDepth });
            return value;
        }
        catch (JsonException)
        {
            throw new InvalidInputException(field, $"must be JSON of at most {FrontDoorLimits.MaxJsonDepth} levels.");
        }
    }
}

using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Common;
using AgentRuntime.Mcp.Listing;
using AgentRuntime.Tools;

namespace AgentRuntime.Mcp.Importing;

/// <summary>
/// What a server's entry becomes: a draft at write-high and at-most-once. What the server says of its own harm (annotations) is not looked at: a
/// person lowers it, and another publishes it.
/// </summary>
internal static class McpDrafts
{
    public const int DefaultTimeoutMs = 30_000;

    private const int HashChars = 8;

    /// <summary>The id of a tool, which is also the name that models see: the server's name and the wire name, in the letters of ids.</summary>
    public static ToolId IdOf(string server, string wireName)
    {
        var letters = wireName.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-');
        var id = $"{server}-{string.Concat(letters)}";
        if (id.Length > IdFormat.MaxLength)
        {
            var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wireName)))[..HashChars];
            id = $"{id[..(IdFormat.MaxLength - HashChars - 1)]}-{mark}";
        }

        return ToolId.Parse(id);
    }

    /// <summary>The contract of an entry.</summary>
    /// <exception cref="InvalidInputException">The entry cannot be a contract, whatever it says elsewhere.</exception>
    public static ToolContract ContractOf(string server, McpEntry entry, ImportWish wish)
    {
        if (entry.Refusal is { } refusal) throw new InvalidInputException(refusal.Field, refusal.Reason);
        if (entry.NeedsTask)
            throw new InvalidInputException("execution.taskSupport", "is 'required': the server runs this tool only as a task of the protocol, which is not supported.");
        return new ToolContract(
            entry.Name,
            entry.DescriptionFor(server),
            entry.InputSchema ?? throw new InvalidInputException("inputSchema", "is missing."),
            entry.OutputSchema,
            RiskLevel.WriteHigh,
            EffectClass.AtMostOnce,
            wish.TimeoutMs ?? DefaultTimeoutMs,
            [.. wish.DataClasses.Order(StringComparer.Ordinal)],
            wish.Host is null ? [] : [wish.Host],
            new McpInvoker(server, entry.Hash));
    }
}

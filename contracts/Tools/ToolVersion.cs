using System.Security.Cryptography;
using System.Text;

namespace AgentRuntime.Tools;

/// <summary>One immutable version of a tool's contract and where it stands.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Contract">The contract.</param>
/// <param name="Hash">SHA-256 of the canonical contract, 64 hex digits.</param>
/// <param name="ModelName">The unambiguous name that the model sees, <c>[A-Za-z0-9_-]{1,64}</c>.</param>
/// <param name="RegisteredBy">Identity of who registered it.</param>
/// <param name="PublishedBy">Identity of who published it; null while it is a draft.</param>
/// <param name="BlockedReason">Why the tool is blocked; null when it is not.</param>
/// <param name="CreatedAt">When it was registered (UTC).</param>
[GenerateSerializer, Immutable, Alias("agentruntime.tool.version")]
public sealed record ToolVersion(
    [property: Id(0)] ToolId Tool,
    [property: Id(1)] ToolContract Contract,
    [property: Id(2)] string Hash,
    [property: Id(3)] string ModelName,
    [property: Id(4)] string RegisteredBy,
    [property: Id(5)] string? PublishedBy,
    [property: Id(6)] string? BlockedReason,
    [property: Id(7)] DateTimeOffset CreatedAt)
{
    /// <summary>Changes when the version is published and when the tool is blocked or unblocked.</summary>
    public string Etag => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Hash}\n{PublishedBy}\n{BlockedReason}")))[..16];

    /// <summary>Whether calls may be made with this version.</summary>
    public bool IsCallable => PublishedBy is not null && BlockedReason is null;
}

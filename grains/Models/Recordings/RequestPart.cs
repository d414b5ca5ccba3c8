using System.Security.Cryptography;

namespace AgentRuntime.Models.Recordings;

/// <summary>A message or a list of tools in its one spelling, and the hash that stands for it: a recording holds each part once.</summary>
internal sealed record RequestPart(string Id, byte[] Json)
{
    /// <summary>128 bits: a recording is a test's input, and no one gains by a collision in it.</summary>
    private const int IdBytes = 16;

    public static RequestPart Of(byte[] json) => new(Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, IdBytes)), json);
}

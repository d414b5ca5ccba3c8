using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AgentRuntime.Runs.State;

/// <summary>A request that gave input, so that the same one adds nothing and another one by its id is refused.</summary>
/// <param name="RequestId">Its id.</param>
/// <param name="Digest">Two bytes of its text's SHA-256: they catch a mistake and confirm no guess of what was erased. Null when not known.</param>
internal readonly record struct RememberedSend(string RequestId, ushort? Digest)
{
    public static RememberedSend Of(string requestId, string text) =>
        new(requestId, BinaryPrimitives.ReadUInt16BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))));

    public bool IsSameText(string text) => Digest is not { } digest || digest == Of(RequestId, text).Digest;
}

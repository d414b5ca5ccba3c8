using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Member names that are written with escapes.</summary>
internal static partial class MemberName
{
    /// <summary>The name in plain UTF-8; false when it holds half of a surrogate pair.</summary>
    public static bool TryUnescape(JsonProperty member, out ReadOnlySpan<byte> name)
    {
        try
        {
            name = Encoding.UTF8.GetBytes(member.Name);
            return true;
        }
        catch (InvalidOperationException)
        {
            name = default;
            return false;
        }
    }

    [JsonSerializable(typeof(string))]
    internal sealed partial class Json : JsonSerializerContext;
}

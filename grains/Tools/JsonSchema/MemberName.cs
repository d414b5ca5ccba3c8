using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>Member names that are written with escapes.</summary>
internal static partial class MemberName
{
    /// <summary>The name in plain UTF-8.</summary>
    public static ReadOnlySpan<byte> Unescape(JsonProperty member) => Encoding.UTF8.GetBytes(member.Name);

    [JsonSerializable(typeof(string))]
    internal sealed partial class Json : JsonSerializerContext;
}

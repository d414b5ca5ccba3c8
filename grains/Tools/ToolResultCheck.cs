using System.Text;
using System.Text.Json;

namespace AgentRuntime.Tools;

/// <summary>Holds a result against the bounds and the contract. What is outside is a failure of the tool, whose effect has happened.</summary>
internal sealed class ToolResultCheck(int maxBytes)
{
    public ToolOutcome Check(PreparedTool tool, ToolOutcome.Succeeded success)
    {
        var name = tool.Version.Tool;
        if (success.Result.Length > maxBytes / 3 && Encoding.UTF8.GetByteCount(success.Result) > maxBytes)
            return Broken($"The result of tool '{name}' is larger than {maxBytes} bytes.");
        if (tool.Output is null)
            return success;
        if (!success.IsJson)
            return Broken($"Tool '{name}' answered with text; its contract promises JSON.");
        try
        {
            using var result = JsonDocument.Parse(success.Result);
            return tool.Output.IsValid(result.RootElement)
                ? success
                : Broken($"The result of tool '{name}' does not fit its contract: {string.Join("; ", tool.Output.Validate(result.RootElement))}");
        }
        catch (JsonException)
        {
            return Broken($"The result of tool '{name}' is not JSON that can be read.");
        }
    }

    private static ToolOutcome.Failed Broken(string message) => new(ErrorCode.ToolFailed, message, IsTransient: false, Sent: true);
}

using System.Globalization;
using System.Text.Json;

namespace AgentRuntime.Chaos.Kill.Script;

/// <summary>One call, named by its arguments alone: the idempotency key is what is under test.</summary>
internal sealed record ScriptCall(int Run, int Step, int Call, string Link, ScriptTool Tool)
{
    public const string Schema = """
        {"type":"object","properties":{"run":{"type":"integer"},"step":{"type":"integer"},"call":{"type":"integer"},"link":{"type":"string","maxLength":64},"tool":{"type":"string","maxLength":16}},"required":["run","step","call","link","tool"]}
        """;

    /// <summary>What the tool answers: a function of the arguments.</summary>
    public string Answer => $$"""{"done":"{{RunScript.Short(Text)}}"}""";

    public string Digest => RunScript.Short(Text);

    private string Text => string.Create(CultureInfo.InvariantCulture, $"{Tool.Name} {Run} {Step} {Call} {Link}");

    public Dictionary<string, object?> ToArguments() =>
        new() { ["run"] = Run, ["step"] = Step, ["call"] = Call, ["link"] = Link, ["tool"] = Tool.Name };

    public static ScriptCall Parse(JsonElement arguments) => new(
        arguments.GetProperty("run").GetInt32(),
        arguments.GetProperty("step").GetInt32(),
        arguments.GetProperty("call").GetInt32(),
        arguments.GetProperty("link").GetString()!,
        ScriptTool.Of(arguments.GetProperty("tool").GetString()!));
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentRuntime.Chaos.Kill.Script;

/// <summary>
/// What one run does, as a pure function of its input and of what its tools answered: the model speaks by it and the audit expects it.
/// Each call carries a link that folds every earlier result, so that a step that was lost or done twice shows in all later arguments.
/// </summary>
internal sealed record RunScript(int Run, int Steps, int Seed)
{
    public const string FirstLink = "0";

    public string Input => string.Create(CultureInfo.InvariantCulture, $"{Run} {Steps} {Seed}");

    public static RunScript Create(int run, int seed) => new(run, 12 + Dice.Roll(17, seed, run, 1), seed);

    public static RunScript Parse(string input)
    {
        var parts = input.Split(' ').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return new RunScript(parts[0], parts[1], parts[2]);
    }

    /// <summary>The tools that step <paramref name="step"/> calls.</summary>
    public IReadOnlyList<ScriptTool> ToolsOf(int step) => Dice.Roll(20, Seed, Run, step, 2) switch
    {
        < 4 => [ScriptTool.Look],
        < 10 => [ScriptTool.Put],
        < 14 => [ScriptTool.Send],
        < 17 => [ScriptTool.Look, ScriptTool.Put],
        < 19 => [ScriptTool.Put, ScriptTool.Send],
        _ => [ScriptTool.Pay],
    };

    public IReadOnlyList<ScriptCall> CallsOf(int step, string link) =>
        [.. ToolsOf(step).Select((tool, index) => new ScriptCall(Run, step, index, link, tool))];

    public static string NextLink(string link, IEnumerable<string> results) => Short($"{link}\n{string.Join('\n', results)}");

    public static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}

using AgentRuntime.Common;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;

namespace AgentRuntime.Benchmarks;

/// <summary>Random base64 from a seed, so that no store can compress it away, made before the clock runs.</summary>
internal sealed class BenchPayloads
{
    private readonly string[] _texts;
    private readonly string[] _results;
    private int _next;

    public BenchPayloads(int seed, int chars = 1024, int count = 4096)
    {
        var random = new Random(seed);
        var bytes = new byte[chars * 3 / 4];
        _texts = new string[count];
        _results = new string[count];
        for (var i = 0; i < count; i++)
        {
            random.NextBytes(bytes);
            _texts[i] = Convert.ToBase64String(bytes);
            _results[i] = $"\"{_texts[i]}\"";
        }
    }

    public string Text() => _texts[Next()];

    /// <summary>A tool that answers at once with one payload.</summary>
    public FunctionTool Tool(RiskLevel risk) => new(
        "bench-tool",
        "Answers at once.",
        risk,
        risk == RiskLevel.Read ? EffectClass.Read : EffectClass.Idempotent,
        """{"type":"object","properties":{"data":{"type":"string","maxLength":4096}},"required":["data"]}""",
        null,
        (_, _) => ValueTask.FromResult<ToolOutcome>(new ToolOutcome.Succeeded(_results[Next()], IsJson: true)));

    private int Next() => (Interlocked.Increment(ref _next) & int.MaxValue) % _texts.Length;
}

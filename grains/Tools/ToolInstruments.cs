using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.Tools;

/// <summary>What is measured of tool calls. Tenants name their tools as they like, so that names are on spans only.</summary>
internal sealed class ToolInstruments
{
    private readonly Histogram<double> _duration;

    public ToolInstruments(IMeterFactory meters) => _duration = meters.Create(RuntimeSource.Name).CreateHistogram(
        "agentruntime.tool.duration",
        "s",
        "How long an attempt to call a tool took, by outcome.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = GenAiNames.DurationBuckets });

    /// <summary>Whether anybody wants to know.</summary>
    public bool IsListening => _duration.Enabled || RuntimeSource.Spans.HasListeners();

    /// <param name="contract">The tool's.</param>
    /// <param name="duration">How long it took, whatever came of it.</param>
    /// <param name="failure">Null when the tool answered.</param>
    public void Called(ToolContract contract, TimeSpan duration, ErrorCode? failure)
    {
        var tags = new TagList
        {
            { RuntimeNames.ToolInvoker, ToolSpans.InvokerOf(contract) },
            { RuntimeNames.Outcome, failure?.ToString() ?? "Succeeded" },
        };
        if (failure is { } code) tags.Add(RuntimeNames.ErrorType, code.ToString());
        _duration.Record(duration.TotalSeconds, tags);
    }
}

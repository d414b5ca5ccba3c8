using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.Models;

/// <summary>What is measured of model calls, by the conventions for generative AI.</summary>
internal sealed class ModelInstruments
{
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _duration;

    public ModelInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(RuntimeSource.Name);
        _tokens = meter.CreateHistogram(
            GenAiNames.TokenUsage, "{token}", "Tokens of a model call.", tags: null, new InstrumentAdvice<long> { HistogramBucketBoundaries = GenAiNames.TokenBuckets });
        _duration = meter.CreateHistogram(
            GenAiNames.OperationDuration, "s", "How long a model call took.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = GenAiNames.DurationBuckets });
    }

    /// <summary>Whether anybody wants to know.</summary>
    public bool IsListening => _tokens.Enabled || _duration.Enabled || RuntimeSource.Spans.HasListeners();

    public void Called(string provider, string model, TimeSpan duration, ErrorCode? failure)
    {
        var tags = Tags(provider, model);
        if (failure is { } code) tags.Add(RuntimeNames.ErrorType, code.ToString());
        _duration.Record(duration.TotalSeconds, tags);
    }

    public void Used(string provider, string model, long inputTokens, long outputTokens)
    {
        _tokens.Record(inputTokens, WithType(Tags(provider, model), GenAiNames.Input));
        _tokens.Record(outputTokens, WithType(Tags(provider, model), GenAiNames.Output));
    }

    private static TagList Tags(string provider, string model) => new()
    {
        { GenAiNames.OperationName, GenAiNames.Chat },
        { GenAiNames.ProviderName, provider },
        { GenAiNames.RequestModel, model },
    };

    private static TagList WithType(TagList tags, string type)
    {
        tags.Add(GenAiNames.TokenType, type);
        return tags;
    }
}

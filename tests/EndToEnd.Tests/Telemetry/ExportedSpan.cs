using System.Text;

namespace AgentRuntime.EndToEnd.Tests.Telemetry;

/// <summary>A span as it came out of the silo.</summary>
/// <param name="Source">Who made it.</param>
/// <param name="Trace">Its trace, hex.</param>
/// <param name="Id">Its id, hex.</param>
/// <param name="Parent">The id of its parent, hex; empty for none.</param>
/// <param name="Name">What it is of.</param>
/// <param name="Texts">Its attributes that are text.</param>
/// <param name="Links">The traces that it links to, hex.</param>
internal sealed record ExportedSpan(
    string Source, string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Texts, IReadOnlyList<string> Links)
{
    // opentelemetry/proto/trace/v1: TracesData.resource_spans = 1, ResourceSpans.scope_spans = 2, ScopeSpans.scope = 1 and spans = 2,
    // Span.trace_id = 1, span_id = 2, parent_span_id = 4, name = 5, attributes = 9, links = 13; KeyValue.key = 1 and value = 2; AnyValue.string_value = 1.
    public static IEnumerable<ExportedSpan> Read(byte[] traces) => ProtoFields.Below(traces, 1, 2).SelectMany(scope =>
    {
        var source = Text(ProtoFields.Below(scope, 1, 1));
        return ProtoFields.Of(scope, 2).Select(span => new ExportedSpan(
            source,
            Hex(ProtoFields.Of(span, 1)),
            Hex(ProtoFields.Of(span, 2)),
            Hex(ProtoFields.Of(span, 4)),
            Text(ProtoFields.Of(span, 5)),
            ProtoFields.Of(span, 9).ToDictionary(pair => Text(ProtoFields.Of(pair, 1)), pair => Text(ProtoFields.Below(pair, 2, 1))),
            [.. ProtoFields.Of(span, 13).Select(link => Hex(ProtoFields.Of(link, 1)))]));
    });

    private static string Text(IEnumerable<byte[]> values) => Encoding.UTF8.GetString(values.LastOrDefault() ?? []);

    private static string Hex(IEnumerable<byte[]> values) => Convert.ToHexStringLower(values.LastOrDefault() ?? []);
}

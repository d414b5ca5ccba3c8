using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Grains.Tests.Tools.Functions;

public sealed class MethodParametersTests
{
    [Theory]
    [InlineData(nameof(Wrong.Logs), "'log' of type Microsoft.Extensions.Logging.ILogger`1")]
    [InlineData(nameof(Wrong.Keyed), "'key' of type System.String")]
    [InlineData(nameof(Wrong.Streams), "'content' of type System.IO.Stream")]
    [InlineData(nameof(Wrong.Buffers), "'content' of type System.IO.MemoryStream")]
    [InlineData(nameof(Wrong.Calls), "'back' of type System.Action")]
    [InlineData(nameof(Wrong.Refers), "'cents' of type System.Int32&")]
    [InlineData(nameof(Wrong.Abstract), "'name' of type System.Text.Encoding")]
    [InlineData(nameof(Wrong.Spans), "'text' of type System.ReadOnlySpan`1")]
    public void Add_ParameterThatNoModelCanFill_NamesMethodParameterTypeAndFix(string method, string culprit)
    {
        var refused = Assert.Throws<InvalidInputException>(() => MethodParameters.Require(typeof(Wrong).GetMethod(method)!));

        Assert.Contains($"{nameof(MethodParametersTests)}+Wrong.{method}: takes {culprit}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("AddTools<T>", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_GenericMethod_IsRefused() => Assert.Contains(
        "is generic", Assert.Throws<InvalidInputException>(() => MethodParameters.Require(typeof(Wrong).GetMethod(nameof(Wrong.Generic))!)).Message, StringComparison.Ordinal);

    [Fact]
    public void Add_MethodWithSuchAParameter_IsRefused() =>
        Assert.Contains("'log'", Assert.Throws<InvalidInputException>(() => new FunctionTools().Add(LogsToo)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(nameof(Right.Filled))]
    [InlineData(nameof(Right.Collections))]
    [InlineData(nameof(Right.Values))]
    [InlineData(nameof(Right.Documents))]
    public void Require_ParametersThatAreJsonOrFilledByTheRuntime_AreAccepted(string method) => MethodParameters.Require(typeof(Right).GetMethod(method)!);

    [Description("Logs."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
    private static void LogsToo(ILogger log) => ArgumentNullException.ThrowIfNull(log);

    private static class Wrong
    {
        public static void Logs(string order, ILogger<MethodParametersTests> log) => log.BeginScope(order);

        public static string Keyed([FromKeyedServices("shop")] string key) => key;

        public static long Streams(Stream content) => content.Length;

        public static long Buffers(MemoryStream content) => content.Length;

        public static void Calls(Action back) => back();

        public static void Refers(ref int cents) => cents++;

        public static string Abstract(System.Text.Encoding name) => name.WebName;

        public static int Spans(ReadOnlySpan<char> text) => text.Length;

        public static string? Generic<T>(T value) => value?.ToString();
    }
    private static class Right
    {
        public static string Filled(ToolCallContext call, IServiceProvider services, CancellationToken cancellation) => $"{call}{services}{cancellation}";

        public static int Collections(IReadOnlyList<string> names, IEnumerable<int> cents, IDictionary<string, decimal> prices, ISet<Guid> ids) =>
            names.Count + cents.Count() + prices.Count + ids.Count;

        public static string Values(string order, int? cents, DateTimeOffset day, DayOfWeek weekday, Uri page, object anything, Parcel parcel) =>
            $"{order}{cents}{day}{weekday}{page}{anything}{parcel}";

        public static string Documents(JsonElement element, JsonNode node, JsonDocument document) => $"{element}{node}{document.RootElement}";
    }

    private sealed record Parcel(string Order, Parcel? Inner);
}

using System.Diagnostics;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.Grains.Tests.Common.Telemetry;

public sealed class TraceContextTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private static readonly ActivityTraceId Trace = ActivityTraceId.CreateFromString("4bf92f3577b34da6a3ce929d0e0e4736");

    [Theory]
    [InlineData(Parent)]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00")]
    public void Write_OfWhatWasRead_IsTheSame(string parent)
    {
        var context = TraceContext.Read(parent, Trace);

        Assert.True(context.IsRemote);
        Assert.Equal(parent, TraceContext.Write(context));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("00-short-01")]
    public void Read_WithoutAParent_IsAtTheRootOfTheTrace(string? parent)
    {
        var context = TraceContext.Read(parent, Trace);

        Assert.Equal((Trace, default, ActivityTraceFlags.Recorded), (context.TraceId, context.SpanId, context.TraceFlags));
        Assert.Null(TraceContext.Write(context));
    }

    [Fact]
    public void Read_WithNeither_IsNoContext() => Assert.Equal(default, TraceContext.Read(null, default));

    [Fact]
    public void Current_WithBaggage_IsTheSpanAlone()
    {
        using var span = new Activity("mine").SetIdFormat(ActivityIdFormat.W3C).AddBaggage("prompt", "private").Start();

        Assert.Equal($"00-{span.TraceId}-{span.SpanId}-00", TraceContext.Current);
    }
}

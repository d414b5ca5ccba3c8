using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using AgentRuntime.Tools;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Grains.Tests.Tools;

/// <summary>What is measured of calls that fail.</summary>
public sealed class ToolMeasureTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<string?> _errors = [];

    public ToolMeasureTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, _services.GetRequiredService<IMeterFactory>())) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
        {
            string? error = null;
            foreach (var tag in tags)
                if (tag.Key == "error.type") error = (string?)tag.Value;
            _errors.Enqueue(error);
        });
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Invoke_ToolAnswers_IsMeasuredWithoutAnError()
    {
        await InvokeAsync(TimeProvider.System, (_, _) => Task.FromResult<ToolOutcome>(new ToolOutcome.Succeeded("{}", IsJson: true)));

        Assert.Null(Assert.Single(_errors));
    }

    [Fact]
    public async Task Invoke_ToolThrows_IsMeasuredWithTheClassOfTheErrorAlone()
    {
        await InvokeAsync(TimeProvider.System, (_, _) => throw new InvalidOperationException("canary"));

        Assert.Equal("Internal", Assert.Single(_errors));
    }

    [Fact]
    public async Task Invoke_AttemptItselfThrows_IsMeasuredAllTheSame()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => InvokeAsync(
            new BrokenClock(), (_, _) => Task.FromResult<ToolOutcome>(new ToolOutcome.Succeeded("{}", IsJson: true))));

        Assert.Equal("Internal", Assert.Single(_errors));
    }

    private async Task InvokeAsync(TimeProvider time, Func<ToolInvocation, CancellationToken, Task<ToolOutcome>> invoke)
    {
        var tool = ToolSamples.Prepare(ToolSamples.Version(ToolSamples.Contract()), new ScriptedInvoker(invoke));
        var gateway = new ToolGateway(
            Options.Create(new ToolGatewayOptions()), new ToolInstruments(_services.GetRequiredService<IMeterFactory>()), time, NullLogger<ToolGateway>.Instance);
        await gateway.InvokeAsync(tool, ToolSamples.Call(tool, deadline: time.GetUtcNow() + TimeSpan.FromMinutes(1)), TestContext.Current.CancellationToken);
    }

    /// <summary>A clock that has the time and no timers.</summary>
    private sealed class BrokenClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new InvalidOperationException("canary");
    }
}

using System.Collections.Concurrent;
using System.Reflection;
using AgentRuntime.Events;
using Orleans.Streams;

namespace AgentRuntime.Grains.Tests.Runs.Publishing;

/// <summary>A stream that keeps what is published, unless it is to fail.</summary>
public class FakeStreams : DispatchProxy
{
    private IAsyncStream<EventBatch>? _stream;

    /// <summary>What was published.</summary>
    public ConcurrentQueue<EventBatch> Sent { get; } = [];

    /// <summary>Publishing fails.</summary>
    public bool IsDown { get; set; }

    internal IStreamProvider Provider => (IStreamProvider)(object)this;

    internal static FakeStreams Create()
    {
        var fake = (FakeStreams)(object)Create<IStreamProvider, FakeStreams>();
        fake._stream = Create<IAsyncStream<EventBatch>, Keeper>();
        ((Keeper)(object)fake._stream).Owner = fake;
        return fake;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _stream;

    private Task Send(EventBatch batch)
    {
        if (IsDown) return Task.FromException(new TimeoutException("The queue is down."));
        Sent.Enqueue(batch);
        return Task.CompletedTask;
    }

    public class Keeper : DispatchProxy
    {
        internal FakeStreams? Owner { get; set; }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Owner!.Send((EventBatch)args![0]!);
    }
}

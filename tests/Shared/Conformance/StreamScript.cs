using System.Collections.Concurrent;

namespace AgentRuntime.Testing.Conformance;

/// <summary>What the consumers of one stream do and have seen, in this process, where all silos of a test are.</summary>
public sealed class StreamScript
{
    private static readonly ConcurrentDictionary<string, StreamScript> Scripts = [];
    private static int _keys;

    private readonly ConcurrentQueue<(string Consumer, StreamEvent Event)> _seen = [];

    private StreamScript(string key) => Key = key;

    /// <summary>The stream's key. It begins with a tenant.</summary>
    public string Key { get; }

    /// <summary>Runs before an event counts as seen.</summary>
    public Func<string, StreamEvent, Task> OnEvent { get; set; } = static (_, _) => Task.CompletedTask;

    public static StreamScript New() => Of($"acme/{Interlocked.Increment(ref _keys)}");

    public static StreamScript Of(string key) => Scripts.GetOrAdd(key, static key => new StreamScript(key));

    public async Task MeetAsync(string consumer, StreamEvent item)
    {
        await OnEvent(consumer, item);
        _seen.Enqueue((consumer, item));
    }

    /// <summary>What a consumer has seen, repetitions left out, in the order in which it saw each first.</summary>
    public IReadOnlyList<StreamEvent> Seen(string consumer) =>
        [.. _seen.Where(each => each.Consumer == consumer).Select(static each => each.Event).DistinctBy(static item => item.Number)];

    public IEnumerable<int> Numbers(string consumer) => Seen(consumer).Select(static item => item.Number);

    /// <summary>Completes once both consumers have seen so many different events.</summary>
    public Task BothSeeAsync(int count) => Eventually.TrueAsync(
        () => Task.FromResult(Seen(StreamConsumer.Billing).Count >= count && Seen(StreamConsumer.Shipping).Count >= count), $"both consumers of {Key} have seen {count} events");
}

using System.Globalization;
using Orleans.Streams;

namespace AgentRuntime.Chaos.Faults.Streams;

/// <summary>Events that are published, and processed by readers who fail, die and hand over. What a publisher was told is there is processed at least once.</summary>
internal sealed class StreamWorkload(FaultyAws aws, Oracle oracle) : IWorkload
{
    private const int Publishers = 3;
    private const int MaxWaiting = 300;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(60);

    private readonly StreamSetup _setup = new(aws);
    private readonly StreamModel _model = new(oracle);
    private int _readers;

    public string Name => "streams";

    public long Operations => _model.Processed;

    public Task PrepareAsync() => _setup.CreateAsync();

    public Task RunAsync(FaultTally faults) => Task.WhenAll(
    [
        .. Enumerable.Range(0, Publishers).Select(number => PublishAsync(number, faults)),
        .. Enumerable.Range(0, StreamSetup.Queues).Select(queue => ReadAsync(queue, new Random(aws.Seed + queue), () => faults.IsEnough)),
    ]);

    public async Task CheckAsync()
    {
        using var deadline = new CancellationTokenSource(Drain);
        await Task.WhenAll(Enumerable.Range(0, StreamSetup.Queues).Select(async queue =>
        {
            await using var reader = await QueueReader.OpenAsync(_setup, queue);
            var suffix = queue.ToString(CultureInfo.InvariantCulture);
            while (!deadline.IsCancellationRequested && await _setup.CountAsync(suffix) > 0)
            {
                await reader.PumpAsync();
                reader.Consume(_model, fails: false);
            }

            var left = await _setup.CountAsync(suffix);
            oracle.Require(left == 0, "stream_not_empty", $"{left} messages of queue {queue} are still there");
        }));
        oracle.Require(_model.Missing == 0, "stream_lost", $"{_model.Missing} events were acknowledged and never processed");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task PublishAsync(int number, FaultTally faults)
    {
        await using var services = _setup.Open();
        await using var factory = StreamSetup.Factory(services);
        var adapter = await Again.UntilAnsweredAsync(() => factory.CreateAdapter(CancellationToken.None));
        var stream = StreamId.Create("faults", number.ToString(CultureInfo.InvariantCulture));
        var dice = new Random(aws.Seed + number);
        for (var count = 0; !faults.IsEnough; count++)
        {
            if (_model.Missing > MaxWaiting) await Task.Delay(Pause);
            // Enough at once for batches.
            await Task.WhenAll(Enumerable.Range(0, 1 + dice.Next(8)).Select(at => oracle.StepAsync(Name, () => PublishAsync(adapter, stream, $"{number}/{count}/{at} {new string('x', dice.Next(200))}"))));
        }
    }

    private async Task PublishAsync(IQueueAdapter adapter, StreamId stream, string text)
    {
        _model.Publishing(text);
        await adapter.QueueMessageBatchAsync(stream, [text], null, null);
        _model.Acknowledged(text);
    }

    private async Task ReadAsync(int queue, Random dice, Func<bool> isOver)
    {
        while (!isOver())
        {
            await using var reader = await QueueReader.OpenAsync(_setup, queue);
            for (var rounds = dice.Next(10, 120); rounds > 0 && !isOver(); rounds--)
            {
                await oracle.StepAsync(Name, reader.PumpAsync);
                // What was received just before it dies was not processed by anybody.
                if (rounds > 1) reader.Consume(_model, fails: dice.Next(10) == 0);
            }

            if (Interlocked.Increment(ref _readers) % 2 == 0) await reader.DieAsync();
        }
    }
}

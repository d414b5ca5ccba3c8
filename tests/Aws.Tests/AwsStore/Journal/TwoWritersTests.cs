using AgentRuntime.Common;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing.Aws;
using CsCheck;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>
/// Two activations of one run in two processes, each with what it believes, and answers that are lost. Whatever order they act in, there is one dense
/// chain, and what was acknowledged is in it. On DynamoDB Local.
/// </summary>
public sealed class TwoWritersTests(AwsStandIn aws) : IAsyncLifetime
{
    private readonly LostAnswer[] _lost = [new(), new()];
    private readonly RunStoreOfTest?[] _stores = new RunStoreOfTest?[2];

    private enum Fault
    {
        None,
        LostWithEffect,
        LostWithoutEffect,
    }

    public async ValueTask InitializeAsync()
    {
        await using var made = await RunStoreOfTest.CreateAsync(aws);
        for (var i = 0; i < _stores.Length; i++) _stores[i] = await RunStoreOfTest.OpenAsync(aws, made.Table, _lost[i].Wrap, options => options.MaxAttempts = 1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _stores)
        {
            if (store is not null) await store.DisposeAsync();
        }
    }

    [Fact]
    public Task AppendAsync_TwoWritersWithLostAnswers_MakeOneDenseChain() => Gen.Select(Gen.Int[0, 1], Gen.Int[1, 4], Gen.Enum<Fault>(), Gen.Bool, Gen.Int[0, 5])
        .Array[1, 25]
        .SampleAsync(PlayAsync, iter: 60, threads: 1);

    private async Task PlayAsync((int Writer, int Records, Fault Fault, bool Closes, int Guess)[] steps)
    {
        var run = NewRun();
        var acknowledged = new Dictionary<long, JournalEntry>();
        var start = Start(run);
        Assert.IsType<AppendResult.Appended>(await _stores[0]!.Journal.AppendAsync(start));
        acknowledged[0] = start.Entries[0];
        long[] believed = [1, 1];
        foreach (var (writer, records, fault, isWait, guess) in steps)
        {
            // Now and then a writer guesses, which no activation does: it must not harm either.
            var seq = guess == 0 ? Math.Max(1, believed[writer] + records - 2) : believed[writer];
            var append = Next(run, seq, isWait ? Waiting() : null, records);
            if (fault != Fault.None) _lost[writer].Arm(fault == Fault.LostWithEffect);
            var result = await InsistAsync(_stores[writer]!, append);
            _lost[writer].Disarm();
            if (result is AppendResult.Appended)
            {
                foreach (var entry in append.Entries) Assert.True(acknowledged.TryAdd(entry.Seq, entry), $"seq {entry.Seq} was given twice");
                believed[writer] = seq + records;
            }
            else if (guess != 0)
            {
                var loaded = await _stores[writer]!.Journal.LoadAsync(run, CancellationToken.None);
                believed[writer] = loaded!.Entries[^1].Seq + 1;
            }
        }

        var chain = await _stores[1]!.Journal.ReadAsync(run, 0, int.MaxValue, int.MaxValue, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, chain.Count).Select(seq => (long)seq), chain.Select(entry => entry.Seq));
        Assert.Equal(acknowledged.Keys.Order(), chain.Select(entry => entry.Seq));
        Assert.All(chain, entry => Assert.Equal(acknowledged[entry.Seq].Header, entry.Header));
        for (var seq = 0; seq < chain.Count; seq++)
            Assert.Equal(seq, (await _stores[0]!.Journal.ReadAsync(run, seq, 1, int.MaxValue, CancellationToken.None))[0].Seq);
    }

    private static async Task<AppendResult> InsistAsync(RunStoreOfTest store, JournalAppend append)
    {
        try
        {
            return await store.Journal.AppendAsync(append);
        }
        catch (AgentRuntimeException failure) when (failure.IsTransient)
        {
            return await store.Journal.AppendAsync(append);
        }
    }
}

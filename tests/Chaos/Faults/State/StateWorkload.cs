using System.Globalization;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Testing.Aws;
using Orleans.Storage;

namespace AgentRuntime.Chaos.Faults.State;

/// <summary>Grains that have one activation, which is never in conflict, and grains of which several silos hold one, of which each write is the only one upon its state.</summary>
internal sealed class StateWorkload(FaultyAws aws, Oracle oracle) : IWorkload
{
    private const string Table = "faults-state";
    private const int Lone = 3;
    private const int Shared = 2;
    private const int Rivals = 2;

    private readonly MemoryPayloads _payloads = new();
    private readonly List<StateClient> _silos = [];
    private readonly Dictionary<GrainId, string?> _expected = [];
    private long _operations;

    public string Name => "state";

    public long Operations => Interlocked.Read(ref _operations);

    public async Task PrepareAsync()
    {
        await aws.CreateAsync(DynamoDbTable.GrainState(Table));
        for (var silo = 0; silo < Rivals; silo++) _silos.Add(new StateClient(aws, Table, _payloads));
    }

    public Task RunAsync(FaultTally faults)
    {
        var lineages = Enumerable.Range(0, Shared).Select(number => new StateLineage($"shared/{number}", oracle)).ToList();
        var rivals = Enumerable.Range(0, Shared * Rivals).Select(number => CompeteAsync(number / Rivals, _silos[number % Rivals], lineages[number / Rivals], number, faults));
        return Task.WhenAll([.. Enumerable.Range(0, Lone).Select(number => WorkAloneAsync(number, faults)), .. rivals]);
    }

    public async Task CheckAsync()
    {
        foreach (var (grain, text) in _expected)
        {
            var stored = await _silos[0].ReadAsync(grain);
            oracle.Require(stored.State?.Text == text, "state_lost", $"{grain} holds another state than was acknowledged last");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
    }

    private async Task WorkAloneAsync(int number, FaultTally faults)
    {
        var (grain, dice, silo) = (GrainId.Create("lone", Text(number)), new Random(aws.Seed + number), _silos[number % _silos.Count]);
        var state = new GrainState<StoredText>(new StoredText());
        while (!faults.IsEnough)
        {
            await oracle.StepAsync(Name, async () =>
            {
                try
                {
                    await WriteAndReadAsync(silo, grain, state, dice, number);
                }
                catch (InconsistentStateException)
                {
                    oracle.Break("state_conflict_with_itself", $"the only writer of {grain} was refused");
                    state = await Again.UntilAnsweredAsync(() => silo.ReadAsync(grain));
                }
            });
            Interlocked.Increment(ref _operations);
        }

        lock (_expected) _expected[grain] = state.State?.Text;
    }

    private async Task WriteAndReadAsync(StateClient silo, GrainId grain, GrainState<StoredText> state, Random dice, int number)
    {
        if (dice.Next(12) == 0)
        {
            await Again.UntilAnsweredAsync(() => silo.ClearAsync(grain, state));
        }
        else
        {
            state.State = StateClient.NewText(dice, number);
            await Again.UntilAnsweredAsync(() => silo.WriteAsync(grain, state));
        }

        var read = await Again.UntilAnsweredAsync(() => silo.ReadAsync(grain));
        oracle.Require((read.State?.Text, read.ETag) == (state.State?.Text, state.ETag), "state_lost", $"{grain} holds another state than was acknowledged");
    }

    // An activation reads, writes some times upon what it knows, and begins anew when it is refused.
    private async Task CompeteAsync(int shared, StateClient silo, StateLineage lineage, int number, FaultTally faults)
    {
        var (grain, dice) = (GrainId.Create("shared", Text(shared)), new Random(aws.Seed + 100 + number));
        while (!faults.IsEnough)
        {
            await oracle.StepAsync(Name, async () =>
            {
                var state = await silo.ReadAsync(grain);
                lineage.CheckRead(state.State?.Text);
                for (var writes = dice.Next(1, 5); writes > 0 && await TryWriteAsync(grain, silo, state, lineage, dice, number); writes--) Interlocked.Increment(ref _operations);
            });
        }
    }

    private static async Task<bool> TryWriteAsync(GrainId grain, StateClient silo, GrainState<StoredText> state, StateLineage lineage, Random dice, int number)
    {
        // Of a state that was never there no etag tells one from the next.
        var before = state.ETag;
        var isClear = before is not null && dice.Next(8) == 0;
        if (!isClear)
        {
            state.State = StateClient.NewText(dice, number);
            lineage.Tried(state.State.Text!);
        }

        try
        {
            await Again.UntilAnsweredAsync(() => isClear ? silo.ClearAsync(grain, state) : silo.WriteAsync(grain, state));
        }
        catch (InconsistentStateException)
        {
            return false;
        }

        if (before is not null) lineage.Confirmed(before, isClear ? null : state.State?.Text);
        return true;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

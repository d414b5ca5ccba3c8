using AgentRuntime.Common;
using AgentRuntime.Events;
using AgentRuntime.Grains.Tests.Events;
using AgentRuntime.Slo;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Grains.Tests.Slo;

/// <summary>The counts with activations that end anywhere: a write that fails, before or after it has happened, ends one.</summary>
public sealed class SloLedgerTests
{
    private static readonly TenantId Tenant = TenantId.Parse("acme");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AdmitAsync_ActivationsEndAnywhere_CountsEachOnce(int seed)
    {
        const int Deliveries = 400;
        var storage = new FailingStorage(seed, share: 0.1);
        var random = new Random(seed);
        var ledger = await LoadAsync(storage);
        for (var delivery = 0; delivery < Deliveries; delivery++)
        {
            // This one, and one from before once more.
            foreach (var each in new[] { delivery, random.Next(delivery + 1) })
            {
                while (!await TryAdmitAsync(Batch(each))) ledger = await LoadAsync(storage);
            }
        }

        ledger = await LoadAsync(storage);
        Assert.Equal(Deliveries * 3, ledger.Counts.ToView(_time.GetUtcNow()).Sum(static minute => minute.Steps));
        Assert.True(storage.Failures > 10, $"{storage.Failures} failures");
        Assert.True(storage.Names.Count() <= 129, $"{storage.Names.Count()} states");

        async Task<bool> TryAdmitAsync(EventBatch batch)
        {
            try
            {
                await ledger.AdmitAsync(batch);
                return true;
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }

    private async Task<SloLedger> LoadAsync(FailingStorage storage)
    {
        var ledger = new SloLedger(new NamedStates(storage, GrainId.Create("slo", "acme")), _time);
        await ledger.LoadAsync();
        return ledger;
    }

    private EventBatch Batch(int delivery) => new(Tenant,
    [
        new RunEvents($"run-{delivery % 7}", "agent", [.. Enumerable.Range(delivery / 7 * 3, 3).Select(seq => new RunEvent(seq, EventTypes.ModelReplied, _time.GetUtcNow(), new byte[RunEvent.HashBytes]))]),
    ]);
}

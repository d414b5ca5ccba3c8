using System.Security.Cryptography;
using AgentRuntime.Audit;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Publishing;
using AgentRuntime.Slo;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Events;

/// <summary>What the journal of a tenant says, and whether the subscribers of events say the same.</summary>
internal sealed class JournalFigures(IServiceProvider services, TenantId tenant)
{
    private readonly Dictionary<string, List<byte[]>> _hashes = [];
    private readonly Dictionary<(DateTimeOffset Minute, string Type), long> _counts = [];

    public int Runs => _hashes.Count;

    public IEnumerable<string> Ids => _hashes.Keys;

    public long Count(string type) => _counts.Where(each => each.Key.Type == type).Sum(each => each.Value);

    /// <summary>Waits until both grains say what the journal says, and every run that has ended is closed; then reads once more.</summary>
    public static async Task<JournalFigures> RequireSameAsync(IServiceProvider services, TenantId tenant)
    {
        var last = "";
        JournalFigures? figures = null;
        await Eventually.TrueAsync(
            async () =>
            {
                figures = await ReadAsync(services, tenant);
                last = await figures.FindDifferenceAsync();
                return last.Length == 0;
            },
            "the subscribers have what the journal has").ContinueWith(waited => Assert.True(waited.IsCompletedSuccessfully, $"{waited.Exception?.InnerException?.Message} {last}"), TaskScheduler.Default);
        return figures!;
    }

    /// <summary>Waits until every run that has ended is closed, asking nothing of the journal.</summary>
    public static Task RequireClosedAsync(IServiceProvider services) => Eventually.TrueAsync(
        async () => !await services.GetRequiredService<IUnpublishedRuns>().FindEndedAsync(PollerShare.Whole, 10, CancellationToken.None).SelectMany(static page => page).AnyAsync(), "all runs are closed");

    public static async Task<JournalFigures> ReadAsync(IServiceProvider services, TenantId tenant)
    {
        var figures = new JournalFigures(services, tenant);
        var (catalog, journal) = (services.GetRequiredService<IRunCatalog>(), services.GetRequiredService<IRunJournal>());
        for (long? after = null;;)
        {
            var page = await catalog.ListAsync(tenant, new RunQuery(100) { After = after }, CancellationToken.None);
            foreach (var row in page.Runs) figures.Add(row.Key, await journal.ReadAsync(row.Key, 0, 10_000, int.MaxValue, CancellationToken.None));
            if (page.Next is not { } next) return figures;
            after = next;
        }
    }

    private void Add(RunKey run, IReadOnlyList<JournalEntry> entries)
    {
        _hashes[run.Run.Value] = [.. entries.Select(static entry => SHA256.HashData(entry.Header))];
        foreach (var header in entries.Select(static entry => HeaderCodec.Decode(entry.Header)))
        {
            var minute = header.Time.AddTicks(-(header.Time.Ticks % TimeSpan.TicksPerMinute));
            _counts[(minute, header.Alias)] = _counts.GetValueOrDefault((minute, header.Alias)) + 1;
        }
    }

    private async Task<string> FindDifferenceAsync()
    {
        var grains = services.GetRequiredService<IGrainFactory>();
        var audit = grains.GetGrain<IAuditGrain>(AuditGrainKey.For(tenant));
        foreach (var (run, hashes) in _hashes)
        {
            var indexed = await audit.ReadAsync(run, fromSeq: 0);
            if (indexed is null || indexed.NextSeq != hashes.Count || !indexed.IsWhole) return $"audit: run {run} has {indexed?.NextSeq ?? 0} of {hashes.Count} records, {indexed?.Parked} parked";
            if (!indexed.Hashes.Zip(hashes).All(static pair => pair.First.AsSpan().SequenceEqual(pair.Second))) return $"audit: run {run} has other hashes";
        }

        var counted = (await grains.GetGrain<ISloGrain>(SloGrainKey.For(tenant)).GetMinutesAsync())
            .SelectMany(static minute => minute.Records.Select(type => ((minute.Minute, type.Key), type.Value))).ToDictionary();
        foreach (var key in _counts.Keys.Concat(counted.Keys))
        {
            if (_counts.GetValueOrDefault(key) != counted.GetValueOrDefault(key)) return $"counts: {key} is {counted.GetValueOrDefault(key)} and not {_counts.GetValueOrDefault(key)}";
        }

        var open = await services.GetRequiredService<IUnpublishedRuns>().FindEndedAsync(PollerShare.Whole, 10, CancellationToken.None).SelectMany(static page => page).ToListAsync();
        return open.Count == 0 ? "" : $"{open.Count} runs are not closed";
    }
}

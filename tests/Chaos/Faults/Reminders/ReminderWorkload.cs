using System.Globalization;
using AgentRuntime.Aws;
using AgentRuntime.Aws.DynamoDb.Reminders;
using AgentRuntime.Aws.DynamoDb.Tables;
using Amazon.DynamoDBv2;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AgentRuntime.Chaos.Faults.Reminders;

/// <summary>Grains that set and remove reminders, and find them as they left them; of two that remove one, one does.</summary>
internal sealed class ReminderWorkload(FaultyAws aws, Oracle oracle) : IWorkload
{
    private const string Table = "faults-reminders";
    private const int Grains = 3;
    private const int Names = 8;

    private readonly List<(GrainId Grain, SortedDictionary<string, TimeSpan> Wanted)> _all = [];
    private ServiceProvider? _services;
    private DynamoDBReminderTable? _reminders;
    private long _operations;

    public string Name => "reminders";

    public long Operations => Interlocked.Read(ref _operations);

    private DynamoDBReminderTable Reminders => _reminders!;

    public async Task PrepareAsync()
    {
        await aws.CreateAsync(DynamoDbTable.Reminders(Table));
        _services = aws.Connect().BuildServiceProvider();
        _reminders = new DynamoDBReminderTable(
            Options.Create(new DynamoDBReminderStorageOptions { TableName = Table }), Options.Create(new ClusterOptions { ServiceId = "faults" }),
            _services.GetRequiredService<IAmazonDynamoDB>(), TimeProvider.System);
        for (var number = 0; number < Grains; number++) _all.Add((GrainId.Create("clock", number.ToString(CultureInfo.InvariantCulture)), new SortedDictionary<string, TimeSpan>(StringComparer.Ordinal)));
    }

    public Task RunAsync(FaultTally faults) => Task.WhenAll(_all.Select((each, number) => WorkAsync(each.Grain, each.Wanted, new Random(aws.Seed + number), faults)));

    public async Task CheckAsync()
    {
        foreach (var (grain, wanted) in _all) RequireSame(grain, wanted, (await Reminders.ReadRows(grain, CancellationToken.None)).Reminders);
        var all = (await Reminders.ReadRows(0, 0, CancellationToken.None)).Reminders;
        oracle.Require(all.Count == _all.Sum(each => each.Wanted.Count), "reminders_range", $"{all.Count} reminders are in the whole range, {_all.Sum(each => each.Wanted.Count)} were set");
    }

    public ValueTask DisposeAsync() => _services?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task WorkAsync(GrainId grain, SortedDictionary<string, TimeSpan> wanted, Random dice, FaultTally faults)
    {
        for (var change = 1; !faults.IsEnough; change++)
        {
            var (name, period) = ($"r{dice.Next(Names)}", TimeSpan.FromMinutes(change));
            await oracle.StepAsync(Name, async () =>
            {
                if (wanted.ContainsKey(name)) await RemoveAsync(grain, name, dice);
                else await Again.UntilAnsweredAsync(() => Reminders.UpsertRow(new ReminderEntry { GrainId = grain, ReminderName = name, StartAt = DateTime.UnixEpoch, Period = period }, CancellationToken.None));
                if (!wanted.Remove(name)) wanted[name] = period;
                var found = await Again.UntilAnsweredAsync(() => dice.Next(2) == 0
                    ? Reminders.ReadRows(grain, CancellationToken.None)
                    : Reminders.ReadRows(grain.GetUniformHashCode() - 1, grain.GetUniformHashCode(), CancellationToken.None));
                RequireSame(grain, wanted, found.Reminders);
            });
            Interlocked.Increment(ref _operations);
        }
    }

    private async Task RemoveAsync(GrainId grain, string name, Random dice)
    {
        if (dice.Next(3) == 0)
        {
            var known = (await Again.UntilAnsweredAsync(() => Reminders.ReadRow(grain, name, CancellationToken.None)))!;
            var removed = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => TryRemoveAsync(grain, name, known.ETag!)));
            oracle.Require(removed.Count(each => each) < 2, "reminders_two_winners", $"{name} of {grain} was removed by two");
        }

        // Until it is gone: whether it was this attempt or an earlier one nobody knows.
        await Again.UntilAnsweredAsync(async () =>
        {
            if (await Reminders.ReadRow(grain, name, CancellationToken.None) is not { } entry) return;
            oracle.Require(await Reminders.RemoveRow(grain, name, entry.ETag!, CancellationToken.None), "reminders_conflict_with_itself", $"{name} of {grain} could not be removed by the etag just read");
        });
    }

    private async Task<bool> TryRemoveAsync(GrainId grain, string name, string etag)
    {
        try
        {
            return await Reminders.RemoveRow(grain, name, etag, CancellationToken.None);
        }
        catch (Exception failure) when (Oracle.IsPassing(failure))
        {
            return false;
        }
    }

    private void RequireSame(GrainId grain, SortedDictionary<string, TimeSpan> wanted, IEnumerable<ReminderEntry> found) => oracle.Require(
        wanted.SequenceEqual(found.Where(entry => entry.GrainId == grain).OrderBy(entry => entry.ReminderName, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.ReminderName, entry.Period))),
        "reminders_lost", $"{grain} does not find its reminders as it left them");
}

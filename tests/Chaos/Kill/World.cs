using System.Globalization;
using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Chaos.Kill.Stores;
using AgentRuntime.Testing;

namespace AgentRuntime.Chaos.Kill;

/// <summary>The processes of a campaign: the recorder of effects and the seats of the silos, on one store.</summary>
internal sealed class World : IAsyncDisposable
{
    private const string FileName = "AgentRuntime.Chaos.dll";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, FileName);

    private readonly ScratchFolder _scratch;
    private readonly ChildProcess _recorder;

    private World(ScratchFolder scratch, ICampaignStore store, ChildProcess recorder, IReadOnlyList<Seat> seats)
    {
        (_scratch, Store, _recorder, Seats) = (scratch, store, recorder, seats);
        EffectsPath = EffectsPathIn(scratch);
    }

    private const int MaxSetUps = 15;

    public ICampaignStore Store { get; }

    public string EffectsPath { get; }

    /// <summary>As many as there are silos; one silo has a second seat for a replacement.</summary>
    public IReadOnlyList<Seat> Seats { get; }

    public IReadOnlyList<Seat> Serving => [.. Seats.Where(seat => seat.Serves)];

    public static async Task<World> StartAsync(KillOptions options)
    {
        var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch.Path);
        ICampaignStore store = options.Store == KillOptions.AwsStore ? await TableStore.StartAsync(options) : new FolderStore(DataFolderIn(scratch));
        var recorderPort = FreePorts.Take(1)[0];
        var recorder = await ChildProcess.StartAsync(
            Program, "effects", "--port", Text(recorderPort), "--file", EffectsPathIn(scratch), "--seed", Text(options.Seed), "--parent", Text(Environment.ProcessId));
        var count = options.Silos == 1 ? 2 : options.Silos;
        var seats = Enumerable.Range(0, count).Select(number => SeatOf(number, options, store, scratch, recorderPort)).ToList();
        var world = new World(scratch, store, recorder, seats);
        foreach (var seat in seats.Take(options.Silos)) await seat.StartAsync();
        await SetUpAsync(seats[0]);
        return world;
    }

    /// <summary>Makes tenant, tools and agents; again while a silo that is just starting is slow to answer, because setting up is idempotent.</summary>
    private static async Task SetUpAsync(Seat seat)
    {
        for (var attempt = 1;; attempt++)
        {
            try
            {
                using var done = await seat.PostAsync("/chaos/setup", "");
                if (done.IsSuccessStatusCode) return;
                if (attempt == MaxSetUps) throw new InvalidOperationException($"setup: {await done.Content.ReadAsStringAsync()}");
            }
            catch (TaskCanceledException) when (attempt < MaxSetUps)
            {
                Console.Error.WriteLine($"setup: no answer, attempt {attempt} of {MaxSetUps}");
            }
        }
    }

    /// <summary>Some seat that serves, chosen by <paramref name="choice"/>; null when none does.</summary>
    public Seat? Any(int choice) => Serving is { Count: > 0 } serving ? serving[choice % serving.Count] : null;

    public async ValueTask DisposeAsync()
    {
        foreach (var seat in Seats) await seat.DisposeAsync();
        await _recorder.DisposeAsync();
        await Store.DisposeAsync();
        _scratch.Dispose();
    }

    private static Seat SeatOf(int number, KillOptions options, ICampaignStore store, ScratchFolder scratch, int recorderPort)
    {
        var silo = SiloProcessOptions.OnFreePorts(DataFolderIn(scratch)) with
        {
            Program = Program,
            Verb = [SiloHostVerb.Name],
            Arguments =
            [
                "--effects", $"http://127.0.0.1:{recorderPort}", "--seed", Text(options.Seed), "--parent", Text(Environment.ProcessId), "--store", options.Store,
                .. options.Plant is { } plant ? new[] { "--plant", plant } : [],
            ],
            Environment = store.Environment,
        };
        var old = options.Old is { } folder ? silo with { Program = Path.GetFullPath(Path.Combine(folder, FileName)), Environment = store.OldEnvironment } : null;
        return new Seat(number, silo, old, scratch.Path);
    }

    private static string DataFolderIn(ScratchFolder scratch) => scratch.At("data");

    private static string EffectsPathIn(ScratchFolder scratch) => scratch.At("effects.jsonl");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

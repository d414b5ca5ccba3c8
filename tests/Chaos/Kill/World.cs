using System.Globalization;
using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Testing;

namespace AgentRuntime.Chaos.Kill;

/// <summary>The processes of a campaign: the recorder of effects and the seats of the silos, on one folder.</summary>
internal sealed class World : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Chaos.dll");

    private readonly ScratchFolder _scratch;
    private readonly ChildProcess _recorder;

    private World(ScratchFolder scratch, ChildProcess recorder, IReadOnlyList<Seat> seats)
    {
        (_scratch, _recorder, Seats) = (scratch, recorder, seats);
        EffectsPath = EffectsPathIn(scratch);
    }

    private const int MaxSetUps = 15;

    public string DataFolder => _scratch.At("data");

    public string EffectsPath { get; }

    /// <summary>As many as there are silos; one silo has a second seat for a replacement.</summary>
    public IReadOnlyList<Seat> Seats { get; }

    public IReadOnlyList<Seat> Serving => [.. Seats.Where(seat => seat.Serves)];

    public static async Task<World> StartAsync(KillOptions options)
    {
        var scratch = new ScratchFolder();
        Directory.CreateDirectory(scratch.Path);
        var recorderPort = FreePorts.Take(1)[0];
        var recorder = await ChildProcess.StartAsync(
            Program, "effects", "--port", Text(recorderPort), "--file", EffectsPathIn(scratch), "--seed", Text(options.Seed), "--parent", Text(Environment.ProcessId));
        var count = options.Silos == 1 ? 2 : options.Silos;
        var seats = Enumerable.Range(0, count).Select(number => new Seat(number, OptionsOf(options, scratch, recorderPort), scratch.Path)).ToList();
        var world = new World(scratch, recorder, seats);
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
        _scratch.Dispose();
    }

    private static SiloProcessOptions OptionsOf(KillOptions options, ScratchFolder scratch, int recorderPort) =>
        SiloProcessOptions.OnFreePorts(scratch.At("data")) with
        {
            Program = Program,
            Verb = [SiloHostVerb.Name],
            Arguments =
            [
                "--effects", $"http://127.0.0.1:{recorderPort}", "--seed", Text(options.Seed), "--parent", Text(Environment.ProcessId),
                .. options.Plant is { } plant ? new[] { "--plant", plant } : [],
            ],
        };

    private static string EffectsPathIn(ScratchFolder scratch) => scratch.At("effects.jsonl");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.Diagnostics;
using AgentRuntime.RedTeam.Targets;

namespace AgentRuntime.RedTeam;

/// <summary>Another tenant, which asks for its runs all the time and must not notice anything.</summary>
internal sealed class Neighbour : IAsyncDisposable
{
    private const int WarmUpCalls = 200;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly CancellationTokenSource _end = new();
    private readonly List<double> _milliseconds = [];
    private readonly Wire _wire;
    private readonly Func<Task<Answer>> _ask;
    private Task _work = Task.CompletedTask;

    private Neighbour(Wire wire, Func<Task<Answer>> ask) => (_wire, _ask) = (wire, ask);

    public int Calls => _milliseconds.Count;

    public int Failures { get; private set; }

    public static Neighbour Begin(Target target)
    {
        // Over connections of its own: those of the attackers are broken off.
        var wire = new Wire();
        var neighbour = new Neighbour(wire, () => wire.CallAsync(target.List("other", target.Token("other", "developer"))));
        neighbour._work = neighbour.WorkAsync();
        return neighbour;
    }

    public async Task WarmUpAsync()
    {
        for (var i = 0; i < WarmUpCalls; i++) await _ask();
    }

    public double P99Milliseconds() => _milliseconds.Count == 0 ? 0 : Math.Round(_milliseconds.Order().ElementAt(_milliseconds.Count * 99 / 100), 1);

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _work;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _wire.Dispose();
        _end.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            var from = Stopwatch.GetTimestamp();
            var answer = await _ask();
            _milliseconds.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
            if (answer.Reason.Length > 0) Failures++;
            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}

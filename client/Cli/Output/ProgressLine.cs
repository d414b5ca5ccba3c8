namespace AgentRuntime.Cli.Output;

/// <summary>
/// A line at the bottom of a terminal that says how far something is; gone when it is disposed. Nothing is hidden or set on the terminal, so that
/// it is sane however the program ends. Where nobody looks, nothing is written.
/// </summary>
internal sealed class ProgressLine : IAsyncDisposable
{
    private const int MinWidth = 20; // A terminal that does not know its size says 0.
    private const int UsualWidth = 80;
    private const string Clear = "\r\u001b[K";
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PeriodicTimer? _timer;
    private readonly Task _ticking = Task.CompletedTask;
    private Func<TimeSpan, string> _text;
    private long _since = TimeProvider.System.GetTimestamp();
    private bool _isShown;

    /// <param name="form">Only tables are for people.</param>
    /// <param name="text">What it says after some time of the same.</param>
    public ProgressLine(OutputForm form, Func<TimeSpan, string> text)
    {
        _text = text;
        if (form != OutputForm.Table || Console.IsErrorRedirected) return;
        _timer = new PeriodicTimer(Pace);
        _ticking = TickAsync(_timer);
    }

    /// <summary>Says something else from here on, and counts its time from now.</summary>
    public void Say(Func<TimeSpan, string> text)
    {
        lock (_gate)
        {
            (_text, _since) = (text, TimeProvider.System.GetTimestamp());
        }
    }

    /// <summary>Writes other output in the line's place.</summary>
    public void Above(Action write)
    {
        lock (_gate)
        {
            Hide();
            write();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _timer?.Dispose();
        await _ticking;
        lock (_gate)
        {
            Hide();
        }
    }

    private async Task TickAsync(PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync())
        {
            lock (_gate)
            {
                var text = Safe.Text(_text(TimeProvider.System.GetElapsedTime(_since)));
                var width = Width() - 1;
                Console.Error.Write(Clear + (text.Length <= width ? text : text[..width]));
                _isShown = true;
            }
        }
    }

    private static int Width()
    {
        try
        {
            return Console.WindowWidth is >= MinWidth and var width ? width : UsualWidth;
        }
        catch (IOException)
        {
            return UsualWidth;
        }
    }

    private void Hide()
    {
        if (_isShown) Console.Error.Write(Clear);
        _isShown = false;
    }
}

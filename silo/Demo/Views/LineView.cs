namespace AgentRuntime.Demo.Views;

/// <summary>One plain line for each change: for a pipe or a file.</summary>
internal sealed class LineView(TextWriter output) : IDemoView
{
    public Task ShowAsync(DemoBoard board, Func<Action<DemoRun>, Task> work) => work(run => Changed(board, run));

    public void Settled(DemoBoard board, DemoNext next)
    {
        foreach (var line in DemoText.Summary(board)) output.WriteLine(line);
        output.WriteLine("Next, in another terminal (approve as another person than demo-app):");
        foreach (var command in next.Commands) output.WriteLine($"  {command}");
        output.WriteLine("Serving until Ctrl-C. Start it again with the same data folder: it continues.");
    }

    public void Changed(DemoBoard board, DemoRun run)
    {
        // Several starts report at once.
        lock (output) output.WriteLine(DemoText.Line(board, run));
    }
}

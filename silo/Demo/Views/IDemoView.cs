namespace AgentRuntime.Demo.Views;

/// <summary>Shows the progress of the demo.</summary>
internal interface IDemoView
{
    /// <summary>Shows progress while <paramref name="work"/> runs; it calls back with each run that changed.</summary>
    Task ShowAsync(DemoBoard board, Func<Action<DemoRun>, Task> work);

    /// <summary>Nothing more happens without a person: how well it went, and what to do next.</summary>
    void Settled(DemoBoard board, DemoNext next);

    /// <summary>A run changed after that.</summary>
    void Changed(DemoBoard board, DemoRun run);
}

namespace AgentRuntime.Runs;

/// <summary>Hears what a model says while it says it. A hint, never the truth: nothing here is durable, and anything may be missing.</summary>
[Alias("agentruntime.run.delta-observer")]
public interface IRunDeltaObserver : IGrainObserver
{
    /// <summary>Text came from the model.</summary>
    [Alias("say"), Orleans.Concurrency.OneWay]
    Task SayAsync(RunDelta delta);
}

using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs.Loop;

/// <summary>What a run does next.</summary>
internal abstract record RunDecision
{
    /// <summary>Ask the model: this begins step <paramref name="Step"/>.</summary>
    public sealed record CallModel(int Step, int Attempt) : RunDecision;

    /// <summary>Have the older part of the conversation summarised before step <paramref name="Step"/> begins.</summary>
    public sealed record Summarize(int Step, int Attempt) : RunDecision;

    /// <summary>Make a call, after checking it once more.</summary>
    public sealed record CallTool(CallState Call, int Attempt) : RunDecision;

    /// <summary>Nobody knows what became of an at-most-once call: ask a person.</summary>
    public sealed record AskOutcome(CallState Call) : RunDecision;

    /// <summary>Write down what follows from the state.</summary>
    public sealed record Record(IReadOnlyList<RunRecord> Records) : RunDecision;

    /// <summary>Nothing to do until woken, at <paramref name="WakeAt"/> at the latest.</summary>
    public sealed record Sleep(RunStatus Status, DateTimeOffset WakeAt) : RunDecision
    {
        /// <summary>Only a command wakes the run.</summary>
        public static readonly DateTimeOffset Never = DateTimeOffset.MaxValue;
    }

    /// <summary>The run is terminal.</summary>
    public sealed record Closed : RunDecision;
}

using System.Diagnostics;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.State;

/// <summary>A run's state: the fold of its journal. Bounded, whatever the length of the run. Changed by <see cref="RunFold"/> only.</summary>
internal sealed class RunState(RunKey key)
{
    /// <summary>Request ids of Send that are remembered; an older one counts as new.</summary>
    public const int MaxRememberedSends = 256;

    public RunKey Key { get; } = key;

    /// <summary>Inputs that the model has not been shown yet: that many, and their characters, may wait.</summary>
    public const int MaxUnseenInputs = 100;
    public const int MaxUnseenInputChars = 4 * 1024 * 1024;

    public RunStarted Start { get; set; } = null!;

    /// <summary>Where the run was forked; null for a run that began with its own input.</summary>
    public Forked? Fork { get; set; }

    public DateTimeOffset StartedAt { get; set; }

    /// <summary>Where the run's spans hang: the span that asked for it.</summary>
    public ActivityContext Trace { get; set; }

    public ActivityTraceId TraceId => Trace.TraceId;

    public long LastSeq { get; set; } = -1;

    /// <summary>Seq of the newest input after the first; -1 when there is none, or only a snapshot knows of it.</summary>
    public long LastInputSeq { get; set; } = -1;

    /// <summary>SHA-256 of the newest header.</summary>
    public byte[] HeadHash { get; } = new byte[HeaderCodec.HashBytes];

    public int Steps { get; set; }

    public long Tokens { get; set; }

    public int ToolCalls { get; set; }

    public int Retries { get; set; }

    /// <summary>Attempts of the next model call that failed or were lost.</summary>
    public int ModelAttemptsSpent { get; set; }

    /// <summary>Those of them that failed; the others were lost with their silo.</summary>
    public int ModelFailures { get; set; }

    public DateTimeOffset? ModelRetryAt { get; set; }

    /// <summary>The calls of the newest step; empty once all are done.</summary>
    public List<CallState> Calls { get; } = [];

    public bool NeedsPerson { get; set; }

    public RunPaused? Pause { get; set; }

    /// <summary>The run comes from a backup: what was done after it is unknown.</summary>
    public bool IsRestored { get; set; }

    /// <summary>Since when a restored run's time stands still: until a person lets it go on.</summary>
    public DateTimeOffset? HeldSince { get; set; }

    /// <summary>Time that does not count: between a backup and the moment in which a person let the restored run go on.</summary>
    public TimeSpan Held { get; set; }

    public CancelRequested? Cancel { get; set; }

    public KillRequested? Kill { get; set; }

    public LimitReached? Limit { get; set; }

    /// <summary>The terminal record, once there is one.</summary>
    public RunRecord? End { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public Queue<RememberedSend> RememberedSends { get; } = new();

    public ConversationWindow Window { get; set; } = null!;

    public int UnseenInputs { get; set; }

    public long UnseenInputChars { get; set; }

    public bool IsTerminal => End is not null;

    /// <summary>Nothing happens to the run but by a person's command.</summary>
    public bool IsHeld => HeldSince is not null && Pause is not null;

    public CallState? FindCall(int step, int index) =>
        index >= 0 && index < Calls.Count && Calls[index].Step == step ? Calls[index] : null;

    public CallState? FindApproval(string approval) =>
        Calls.Find(call => call.Approval?.Request.Approval == approval);
}

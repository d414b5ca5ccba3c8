using AgentRuntime.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.State;

/// <summary>
/// Bounded control state with references into the journal, never the conversation. Taken between steps only, when no call is open, so that
/// it need not describe one.
/// </summary>
internal sealed record RunSnapshot(
    int Version,
    long LastSeq,
    byte[] HeadHash,
    long WindowFromSeq,
    int Steps,
    long Tokens,
    int ToolCalls,
    int Retries,
    int ModelAttemptsSpent,
    int ModelFailures,
    DateTimeOffset? ModelRetryAt,
    bool NeedsPerson,
    RunPaused? Pause,
    CancelRequested? Cancel,
    int UnseenInputs,
    long UnseenInputChars,
    IReadOnlyList<string> RememberedSends,
    Forked? Fork = null,
    bool IsRestored = false,
    IReadOnlyList<long>? EarlierSeqs = null,
    IReadOnlyList<ushort?>? SendDigests = null,
    DateTimeOffset? HeldSince = null,
    long? HeldTicks = null)
{
    private const int PlainVersion = 1;

    /// <summary>Of a fork, a restored run, or one that shows more than its last turns: a reader that knows nothing of them must not go on with one.</summary>
    private const int LaterVersion = 2;

    public static bool CanTake(RunState state) => state is { Calls.Count: 0, IsTerminal: false, Limit: null, Kill: null };

    public static byte[] Encode(RunState state) => JsonSerializer.SerializeToUtf8Bytes(
        new RunSnapshot(
            state is { Fork: null, IsRestored: false, Window.EarlierSeqs.Count: 0 } ? PlainVersion : LaterVersion,
            state.LastSeq,
            state.HeadHash,
            Math.Min(state.Window.OldestSeq, state.LastSeq + 1),
            state.Steps,
            state.Tokens,
            state.ToolCalls,
            state.Retries,
            state.ModelAttemptsSpent,
            state.ModelFailures,
            state.ModelRetryAt,
            state.NeedsPerson,
            state.Pause,
            state.Cancel,
            state.UnseenInputs,
            state.UnseenInputChars,
            [.. state.RememberedSends.Select(static send => send.RequestId)],
            state.Fork,
            state.IsRestored,
            state.Window.EarlierSeqs is { Count: > 0 } earlier ? earlier : null,
            state.RememberedSends.Count > 0 ? [.. state.RememberedSends.Select(static send => send.Digest)] : null,
            state.HeldSince,
            state.IsRestored ? state.Held.Ticks : null),
        RunSnapshotJson.Default.RunSnapshot);

    public static RunSnapshot Decode(byte[] bytes)
    {
        var snapshot = JsonSerializer.Deserialize(bytes, RunSnapshotJson.Default.RunSnapshot);
        return snapshot is { Version: PlainVersion or LaterVersion }
            ? snapshot
            : throw new AgentRuntimeException(ErrorCode.StorageCorrupted, "journal: a snapshot cannot be read; restore the data folder from a backup.");
    }

    public void RestoreTo(RunState state)
    {
        state.LastSeq = LastSeq;
        HeadHash.CopyTo(state.HeadHash, 0);
        (state.Steps, state.Tokens, state.ToolCalls, state.Retries) = (Steps, Tokens, ToolCalls, Retries);
        (state.ModelAttemptsSpent, state.ModelFailures, state.ModelRetryAt) = (ModelAttemptsSpent, ModelFailures, ModelRetryAt);
        (state.UnseenInputs, state.UnseenInputChars) = (UnseenInputs, UnseenInputChars);
        (state.NeedsPerson, state.Pause, state.Cancel, state.Fork, state.IsRestored) = (NeedsPerson, Pause, Cancel, Fork, IsRestored);
        (state.HeldSince, state.Held) = (HeldSince, TimeSpan.FromTicks(HeldTicks ?? 0));
        state.RememberedSends.Clear();
        for (var i = 0; i < RememberedSends.Count; i++) state.RememberedSends.Enqueue(new RememberedSend(RememberedSends[i], SendDigests?[i]));
        state.Calls.Clear();
    }
}

/// <summary>JSON of snapshots.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunSnapshot))]
internal sealed partial class RunSnapshotJson : JsonSerializerContext;

using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Common.Telemetry;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Runs.Driving;

/// <summary>Folds a run back from its journal: first record, snapshot, the window's records, and what came after.</summary>
internal static class RunLoader
{
    private const int MaxReadBytes = 64 * 1024 * 1024;

    public static async Task<RunState> LoadAsync(
        JournalAccess access, AgentDirectory agents, LoadedRun loaded, Action<AgentDefinition> onDefinition, CancellationToken cancellation)
    {
        var key = loaded.Row.Key;
        var first = loaded.SnapshotSeq < 0 ? loaded.Entries[0] : await ReadOneAsync(access, key, 0, cancellation);
        var stored = await access.Reader.ReadAsync(first, cancellation);
        if (stored.Record is not RunStarted start) throw Erased(key, 0);
        var definition = await DefinitionAsync(agents, key, start, cancellation);
        onDefinition(definition);
        var state = new RunState(key)
        {
            Trace = TraceContext.Read(start.TraceParent, stored.Header.TraceId),
            Window = new ConversationWindow(definition.Instructions, start, definition.Context),
        };
        RunFold.Apply(state, start, 0, stored.Header.Time);
        stored.HeaderHash.CopyTo(state.HeadHash, 0);
        if (loaded.Snapshot is { } snapshot) await RestoreAsync(access, state, snapshot, cancellation);
        foreach (var entry in loaded.Entries)
        {
            if (entry.Seq > state.LastSeq) await ApplyAsync(access, state, entry, cancellation);
        }

        return state;
    }

    private static async Task RestoreAsync(JournalAccess access, RunState state, byte[] bytes, CancellationToken cancellation)
    {
        var snapshot = RunSnapshot.Decode(bytes);
        foreach (var seq in snapshot.EarlierSeqs ?? [])
        {
            var stored = await access.Reader.ReadAsync(await ReadOneAsync(access, state.Key, seq, cancellation), cancellation);
            state.Window.ShowEarlier(stored.Record ?? throw Erased(state.Key, seq), seq);
        }

        for (var seq = snapshot.WindowFromSeq; seq <= snapshot.LastSeq;)
        {
            var entries = await access.Journal.ReadAsync(
                state.Key, seq, (int)Math.Min(snapshot.LastSeq - seq + 1, 1_000), MaxReadBytes, cancellation);
            if (entries.Count == 0) throw Gap(state.Key, seq);
            foreach (var entry in entries)
            {
                // The control state that this fold makes is replaced below; the window is what it is for.
                var stored = await access.Reader.ReadAsync(entry, cancellation);
                RunFold.Apply(state, stored.Record ?? throw Erased(state.Key, entry.Seq), entry.Seq, stored.Header.Time);
                stored.HeaderHash.CopyTo(state.HeadHash, 0);
            }

            seq = entries[^1].Seq + 1;
        }

        snapshot.RestoreTo(state);
    }

    private static async Task ApplyAsync(JournalAccess access, RunState state, JournalEntry entry, CancellationToken cancellation)
    {
        if (entry.Seq != state.LastSeq + 1) throw Gap(state.Key, state.LastSeq + 1);
        var stored = await access.Reader.ReadAsync(entry, cancellation);
        if (!stored.Header.PreviousHash.AsSpan().SequenceEqual(state.HeadHash))
            throw new AgentRuntimeException(ErrorCode.StorageCorrupted, $"run {state.Key}: the chain breaks before record {entry.Seq}; restore the data folder from a backup.");
        RunFold.Apply(state, stored.Record ?? throw Erased(state.Key, entry.Seq), entry.Seq, stored.Header.Time);
        stored.HeaderHash.CopyTo(state.HeadHash, 0);
    }

    private static async Task<JournalEntry> ReadOneAsync(JournalAccess access, RunKey key, long seq, CancellationToken cancellation)
    {
        var entries = await access.Journal.ReadAsync(key, seq, 1, MaxReadBytes, cancellation);
        return entries.Count == 1 && entries[0].Seq == seq ? entries[0] : throw Gap(key, seq);
    }

    private static async Task<AgentDefinition> DefinitionAsync(AgentDirectory agents, RunKey key, RunStarted start, CancellationToken cancellation)
    {
        var version = await agents.GetAsync(key.Tenant, AgentId.Parse(start.Agent), start.AgentVersion, cancellation);
        if (version is not null && version.Hash == start.DefinitionHash) return version.Definition;
        throw new AgentRuntimeException(
            ErrorCode.StorageCorrupted, $"run {key}: version {start.AgentVersion} of agent {start.Agent} is not what the run was started with.");
    }

    private static AgentRuntimeException Gap(RunKey key, long seq) =>
        new(ErrorCode.StorageCorrupted, $"run {key}: record {seq} is missing; restore the data folder from a backup.");

    private static AgentRuntimeException Erased(RunKey key, long seq) =>
        new(ErrorCode.FailedPrecondition, $"run {key}: record {seq} was erased, so the run cannot be shown or continued.");
}

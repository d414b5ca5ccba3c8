using System.Collections.Frozen;
using System.Text.Json.Serialization.Metadata;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Runs.Journal;

/// <summary>The closed list of record types with their stable aliases. An alias is never reused; CLR names never reach the store.</summary>
internal static class RecordTypes
{
    /// <summary>What this build can read: a record whose MinReader is higher leaves its run asleep.</summary>
    public const ushort ReaderVersion = 2;

    private static readonly FrozenDictionary<Type, RecordType> ByType = new Dictionary<Type, RecordType>
    {
        // A reader that knows nothing of conversations would go on without what was said before.
        [typeof(RunStarted)] = Type("run.started", RecordJson.Default.RunStarted, version: 3, minReader: 2),
        [typeof(Forked)] = Type("run.forked", RecordJson.Default.Forked),
        [typeof(InputReceived)] = Type("input.received", RecordJson.Default.InputReceived),
        [typeof(ModelReplied)] = Type("model.replied", RecordJson.Default.ModelReplied),
        [typeof(ContextSummarized)] = Type("context.summarized", RecordJson.Default.ContextSummarized),
        [typeof(AttemptFailed)] = Type("attempt.failed", RecordJson.Default.AttemptFailed),
        [typeof(AttemptLost)] = Type("attempt.lost", RecordJson.Default.AttemptLost),
        [typeof(ToolDecided)] = Type("tool.decided", RecordJson.Default.ToolDecided),
        [typeof(ToolStarted)] = Type("tool.started", RecordJson.Default.ToolStarted),
        [typeof(ToolReturned)] = Type("tool.returned", RecordJson.Default.ToolReturned, version: 2),
        [typeof(ApprovalRequested)] = Type("approval.requested", RecordJson.Default.ApprovalRequested),
        [typeof(ApprovalDecided)] = Type("approval.decided", RecordJson.Default.ApprovalDecided),
        [typeof(ApprovalExpired)] = Type("approval.expired", RecordJson.Default.ApprovalExpired),
        [typeof(LimitReached)] = Type("limit.reached", RecordJson.Default.LimitReached),
        [typeof(RunPaused)] = Type("run.paused", RecordJson.Default.RunPaused),
        [typeof(RunResumed)] = Type("run.resumed", RecordJson.Default.RunResumed),
        [typeof(RunRestored)] = Type("run.restored", RecordJson.Default.RunRestored),
        [typeof(CancelRequested)] = Type("cancel.requested", RecordJson.Default.CancelRequested),
        [typeof(KillRequested)] = Type("kill.requested", RecordJson.Default.KillRequested),
        [typeof(RunCompleted)] = Type("run.completed", RecordJson.Default.RunCompleted),
        [typeof(RunFailed)] = Type("run.failed", RecordJson.Default.RunFailed),
        [typeof(RunCancelled)] = Type("run.cancelled", RecordJson.Default.RunCancelled),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, RecordType> ByAlias =
        ByType.Values.ToFrozenDictionary(type => type.Alias, StringComparer.Ordinal);

    public static IEnumerable<RecordType> All => ByType.Values;

    public static RecordType For(RunRecord record) => ByType[record.GetType()];

    public static RecordType Of<T>()
        where T : RunRecord => ByType[typeof(T)];

    public static RecordType? Find(string alias) => ByAlias.GetValueOrDefault(alias);

    private static RecordType Type(string alias, JsonTypeInfo json, ushort version = 1, ushort minReader = 1) => new(alias, version, minReader, json);
}

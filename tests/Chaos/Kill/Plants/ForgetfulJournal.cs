using System.Collections.Concurrent;
using System.Security.Cryptography;
using AgentRuntime.Chaos.Kill.Host;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Driving;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;

namespace AgentRuntime.Chaos.Kill.Plants;

/// <summary>Broken: an at-most-once call that a dead owner began reads as an attempt that was lost, so that the new owner makes it again.</summary>
internal sealed class ForgetfulJournal(IRunJournal inner, EntryReader reader, EntryWriter writer, SiloIdentity silo) : JournalDecorator(inner)
{
    private readonly ConcurrentDictionary<RunKey, bool> _misread = new();

    public override async Task<LoadedRun?> LoadAsync(RunKey run, CancellationToken cancellation)
    {
        if (await base.LoadAsync(run, cancellation) is not { Entries: [.., var last] } loaded) return await base.LoadAsync(run, cancellation);
        var stored = await reader.ReadAsync(last, cancellation);
        if (stored.Record is not ToolStarted started || started.Owner == silo.Owner) return loaded;
        _misread[run] = true;
        var lost = new AttemptLost(started.Step, started.Call, started.Attempt, started.Owner, silo.Owner);
        var header = stored.Header;
        var fields = new HeaderFields(run, last.Seq, string.Empty, 0, 0, header.Time, header.Actor, header.TraceId, 0);
        var instead = await writer.WriteAsync(fields, lost, [.. header.PreviousHash]);
        return loaded with { Entries = [.. loaded.Entries.SkipLast(1), instead] };
    }

    public override async ValueTask<AppendResult> AppendAsync(JournalAppend append)
    {
        if (!_misread.ContainsKey(append.Run)) return await base.AppendAsync(append);
        var head = await JournalGraft.HeadAsync(Inner, append.Run);
        var isNext = append.ExpectedSeq == head.Seq + 1 && !Follows(append, head);
        return await base.AppendAsync(isNext ? JournalGraft.Onto(head, append) : append);
    }

    private static bool Follows(JournalAppend append, JournalEntry head) =>
        HeaderCodec.Decode(append.Entries[0].Header).PreviousHash.AsSpan().SequenceEqual(SHA256.HashData(head.Header));
}

using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Runs.Driving;

/// <summary>What every session needs to read and write journals.</summary>
internal sealed class JournalAccess(
    IRunJournal journal, EntryWriter writer, EntryReader reader, RunSignals signals, TimeProvider time, LiveOwners liveOwners)
{
    public IRunJournal Journal => journal;

    public EntryWriter Writer => writer;

    public EntryReader Reader => reader;

    public RunSignals Signals => signals;

    public TimeProvider Time => time;

    public LiveOwners LiveOwners => liveOwners;
}

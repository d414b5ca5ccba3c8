using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>Opens rebuilt files with the real stores and compares them with what was acknowledged.</summary>
internal sealed class Reopening(string folder, Acknowledgements acknowledged)
{
    public const string StoreOpens = "store-opens";
    public const string RecordSurvives = "acknowledged-record-survives";
    public const string ArtifactSurvives = "acknowledged-artifact-survives";
    public const string ErasureSurvives = "acknowledged-erasure-survives";
    public const string ArtifactBeforeRecord = "artifact-before-record";
    public const string ChainHolds = "chain-holds";

    private readonly List<(string Invariant, string Detail)> _broken = [];

    public async Task<IReadOnlyList<(string Invariant, string Detail)>> FindBrokenAsync(CancellationToken cancellation)
    {
        try
        {
            await using var database = JournalDatabase.Open(folder);
            using var artifacts = new FileArtifactStore(folder, Workload.RootKey);
            await CheckRunsAsync(new SqliteRunJournal(database), new EntryReader(artifacts), cancellation);
            await CheckArtifactsAsync(artifacts, cancellation);
        }
        catch (AgentRuntimeException failure)
        {
            _broken.Add((StoreOpens, failure.Message));
        }

        return _broken;
    }

    private async Task CheckRunsAsync(SqliteRunJournal journal, EntryReader reader, CancellationToken cancellation)
    {
        foreach (var records in acknowledged.Records.GroupBy(record => record.Key.Run))
        {
            var slash = records.Key.IndexOf('/', StringComparison.Ordinal);
            var run = new RunKey(TenantId.Parse(records.Key[..slash]), RunId.Parse(records.Key[(slash + 1)..]));
            var loaded = await journal.LoadAsync(run, cancellation);
            var entries = loaded?.Entries.ToDictionary(entry => entry.Seq) ?? [];
            foreach (var ((_, seq), hash) in records)
            {
                if (!entries.TryGetValue(seq, out var entry) || Acknowledgements.HashOf(entry) != hash)
                    _broken.Add((RecordSurvives, $"record {seq} of {run} is not there"));
                else if (acknowledged.Erasures.Contains((records.Key, seq)) && entry.Seal is not null)
                    _broken.Add((ErasureSurvives, $"record {seq} of {run} is not erased"));
            }

            if (RunChain.FindFault(run, entries.Values.OrderBy(entry => entry.Seq), loaded?.Row.HeadHash) is { } fault)
                _broken.Add((ChainHolds, $"{run}: {fault}"));
            foreach (var entry in entries.Values.Where(entry => entry.Seal?[0] == SealForm.Artifact))
                await CheckReferenceAsync(reader, run, entry, cancellation);
        }
    }

    /// <summary>A record that is there names an artifact that is there, whether or not anyone was told.</summary>
    private async Task CheckReferenceAsync(EntryReader reader, RunKey run, JournalEntry entry, CancellationToken cancellation)
    {
        try
        {
            await reader.ReadAsync(entry, cancellation);
        }
        catch (AgentRuntimeException failure)
        {
            _broken.Add((ArtifactBeforeRecord, $"record {entry.Seq} of {run}: {failure.Message}"));
        }
    }

    private async Task CheckArtifactsAsync(FileArtifactStore artifacts, CancellationToken cancellation)
    {
        foreach (var (tenant, name) in acknowledged.Artifacts)
        {
            try
            {
                await artifacts.GetAsync(TenantId.Parse(tenant), name, cancellation);
            }
            catch (AgentRuntimeException failure)
            {
                _broken.Add((ArtifactSurvives, failure.Message));
            }
        }
    }
}

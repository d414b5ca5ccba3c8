using AgentRuntime.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>The embedded journal and artifact store, which fail or fall silent on demand.</summary>
internal sealed class FaultyStore
{
    /// <summary>Called before each append.</summary>
    public Func<JournalAppend, Task> BeforeAppend { get; set; } = _ => Task.CompletedTask;

    /// <summary>What is appended instead of what was to be.</summary>
    public Func<JournalAppend, JournalAppend> Instead { get; set; } = append => append;

    /// <summary>Called after each append, before its answer.</summary>
    public Func<JournalAppend, Task> AfterAppend { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before each change of a row without a record.</summary>
    public Func<RowChange, Task> BeforeRow { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before each load, with the token of whoever loads.</summary>
    public Func<CancellationToken, Task> BeforeLoad { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called after each read of records, with how many there were.</summary>
    public Action<int> AfterRead { get; set; } = _ => { };

    /// <summary>Called before each artifact is stored.</summary>
    public Func<Task> BeforePut { get; set; } = () => Task.CompletedTask;

    public static AgentRuntimeException Full => new(ErrorCode.StorageExhausted, "The run store has no room on its disk.", isTransient: true);

    public static bool Has(JournalAppend append, string alias) => append.Entries.Any(entry => HeaderCodec.Decode(entry.Header).Alias == alias);

    /// <summary>From now on nothing is written and nobody gets an answer, as if the process were gone.</summary>
    public void Die()
    {
        BeforeAppend = _ => Silence();
        BeforeRow = _ => Silence();
        BeforeLoad = _ => Silence();
        BeforePut = Silence;
    }

    public void Equip(IServiceCollection services)
    {
        services.AddSingleton<IRunJournal>(provider => new Journal(this, new SqliteRunJournal(provider.GetRequiredService<JournalDatabase>())));
        var artifacts = services.Single(service => service.ServiceType == typeof(IArtifactStore));
        services.Replace(ServiceDescriptor.Singleton<IArtifactStore>(
            provider => new Artifacts(this, (FileArtifactStore)artifacts.ImplementationFactory!(provider))));
    }

    public static Task Silence() => new TaskCompletionSource().Task;

    private sealed class Journal(FaultyStore faults, SqliteRunJournal inner) : IRunJournal
    {
        public async ValueTask<AppendResult> AppendAsync(JournalAppend append)
        {
            await faults.BeforeAppend(append);
            var result = await inner.AppendAsync(faults.Instead(append));
            await faults.AfterAppend(append);
            return result;
        }

        public Task<RunRow?> FindAsync(RunKey run, CancellationToken cancellation) => inner.FindAsync(run, cancellation);

        public async Task<LoadedRun?> LoadAsync(RunKey run, CancellationToken cancellation)
        {
            await faults.BeforeLoad(cancellation);
            return await inner.LoadAsync(run, cancellation);
        }

        public async Task<IReadOnlyList<JournalEntry>> ReadAsync(RunKey run, long fromSeq, int maxRecords, int maxBytes, CancellationToken cancellation)
        {
            var entries = await inner.ReadAsync(run, fromSeq, maxRecords, maxBytes, cancellation);
            faults.AfterRead(entries.Count);
            return entries;
        }

        public async ValueTask<bool> TryChangeRowAsync(RunKey run, string? expectedOwner, RowChange change)
        {
            await faults.BeforeRow(change);
            return await inner.TryChangeRowAsync(run, expectedOwner, change);
        }

        public ValueTask<bool> EraseAsync(RunKey run, long seq) => inner.EraseAsync(run, seq);
    }

    private sealed class Artifacts(FaultyStore faults, FileArtifactStore inner) : IArtifactStore
    {
        public async Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation)
        {
            await faults.BeforePut();
            return await inner.PutAsync(tenant, content, cancellation);
        }

        public Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation) => inner.GetAsync(tenant, name, cancellation);

        public Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation) => inner.DeleteAsync(tenant, name, cancellation);
    }
}

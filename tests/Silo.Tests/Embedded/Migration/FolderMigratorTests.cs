using AgentRuntime.Agents;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Embedded.GrainState;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.Embedded.Migration;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;
using AgentRuntime.Silo.Tests.Embedded.Formats;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Migration;

public sealed class FolderMigratorTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task RunAsync_FirstFormat_BecomesTheNewestAndServes()
    {
        FirstFormat.Unpack(_folder.Path);
        var before = await DataFolder.OpenExistingAsync(_folder.Path, TimeProvider.System, Stop);

        Assert.Equal(new MigrationResult(1, FolderFormat.Current, 0), await MigrateAsync());
        Assert.Equal(new MigrationResult(FolderFormat.Current, FolderFormat.Current, 0), await MigrateAsync());

        await RequireNewestAsync(before);
        await using var silo = await RunSilo.StartAsync(_folder.Path, new RunScripts());
        foreach (var request in FirstFormat.Requests)
            await new TestRun(silo, FirstFormat.Run(request), new StartRun("agent-1", 0, "", request, RunCast.App)).RequireChainAsync();
        silo.Scripts.Set($"input of {RunCast.Tenant}/{FirstFormat.WaitsForInput}", Reply.CallingThenDone());
        var input = new TestRun(silo, FirstFormat.Run(FirstFormat.WaitsForInput), new StartRun("agent-1", 0, "", FirstFormat.WaitsForInput, RunCast.App));
        await input.SendAsync("go on", "send-1");
        Assert.IsType<RunCompleted>((await input.EndAsync())[^1]);
    }

    /// <summary>Killed wherever it reports, it is run again, and a silo could have served the folder in between.</summary>
    [Fact]
    public async Task RunAsync_StoppedAtAnyStep_GoesOnWhenItIsRunAgain()
    {
        for (var stopAt = 1; ; stopAt++)
        {
            using var fresh = new ScratchFolder();
            FirstFormat.Unpack(fresh.Path);
            var steps = new StoppingProgress(stopAt);
            try
            {
                await new FolderMigrator(TimeProvider.System, steps).RunAsync(fresh.Path, Stop);
                Assert.True(stopAt > 3, "It reports too little to be stopped.");
                return;
            }
            catch (OperationCanceledException)
            {
            }

            await using (var silo = await RunSilo.StartAsync(fresh.Path, new RunScripts()))
            {
                foreach (var request in FirstFormat.Requests)
                    await new TestRun(silo, FirstFormat.Run(request), new StartRun("agent-1", 0, "", request, RunCast.App)).RequireChainAsync();
            }

            await new FolderMigrator(TimeProvider.System, new Progress<WorkStep>()).RunAsync(fresh.Path, Stop);
            using var journal = RawConnection.Open(fresh.At("journal.db"), readOnly: true);
            Assert.Equal((2, 0), (journal.QueryNumber("PRAGMA user_version"), journal.QueryNumber("SELECT count(*) FROM runs WHERE data_classes IS NULL")));
            Assert.Equal(FolderFormat.Current, (await DataFolder.OpenExistingAsync(fresh.Path, TimeProvider.System, Stop)).Format.Format);
        }
    }

    [Fact]
    public async Task RunAsync_SiloServes_IsRefusedAndNothingChanges()
    {
        FirstFormat.Unpack(_folder.Path);
        var folder = await DataFolder.OpenExistingAsync(_folder.Path, TimeProvider.System, Stop);
        using var seat = SiloSeats.TryTake(folder, 12_345);
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(MigrateAsync);
        Assert.Equal(ErrorCode.FailedPrecondition, failure.Code);
        Assert.Contains("12345", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await DataFolder.OpenExistingAsync(_folder.Path, TimeProvider.System, Stop)).Format.Format);
    }

    [Fact]
    public async Task RunAsync_NoDataFolder_IsRefusedAndNothingIsMade()
    {
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(MigrateAsync);
        Assert.Contains(_folder.Path, failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.Path));
    }

    [Fact]
    public async Task FillAsync_RunsOfKnownAndUnknownAgents_GetTheClassesOfTheirDefinition()
    {
        await using var bench = await StoreBench.OpenAsync();
        var run = await bench.AddRunAsync("one", "wrong", StoreBench.Now);
        using (var states = OfflineGrainState.Open(bench.Folder, ""))
        {
            var definition = new AgentDefinition("Work.", "rules", [], new RunLimits(), RiskLevel.Read, ["customer", "ledger"], new ContextWindow());
            await new DefinitionStore(states.Storage, GrainId.Create("agent", AgentGrainKey.For(RunCast.Tenant, AgentId.Parse("worker")))).WriteAsync(1, definition);
            var orphan = await bench.AddRunAsync("two", "wrong", StoreBench.Now, tenant: TenantId.Parse("other"));
            await bench.CloseAsync();

            using var journal = JournalFile.OpenAlone(bench.At("journal.db"));
            journal.Execute("UPDATE runs SET data_classes = NULL");
            Assert.Equal(1, await new RunClasses(journal, bench.Store.Artifacts, states.Storage, new Progress<WorkStep>()).FillAsync(Stop));
            Assert.Equal("customer,ledger", journal.QueryText($"SELECT data_classes FROM runs WHERE run = '{run.Run}'"));
            Assert.Null(journal.QueryText($"SELECT data_classes FROM runs WHERE run = '{orphan.Run}' AND tenant = 'other'"));
        }
    }

    [Fact]
    public async Task FillAsync_BeginningThatCannotBeRead_IsCountedAndKeptForEver()
    {
        await using var bench = await StoreBench.OpenAsync();
        var damaged = await bench.AddRunAsync("one" + new string('x', 70_000), "customer", StoreBench.Now);
        foreach (var file in Directory.EnumerateFiles(bench.At("artifacts"), "*", SearchOption.AllDirectories)) File.Delete(file);
        await bench.CloseAsync();
        using var states = OfflineGrainState.Open(bench.Folder, "");
        using var journal = JournalFile.OpenAlone(bench.At("journal.db"));
        using var artifacts = new FileArtifactStore(bench.Folder.Path, bench.Folder.DeriveKey(FileArtifactStore.KeyPurpose));
        journal.Execute("UPDATE runs SET data_classes = NULL");
        Assert.Equal(1, await new RunClasses(journal, artifacts, states.Storage, new Progress<WorkStep>()).FillAsync(Stop));
        Assert.Null(journal.QueryText($"SELECT data_classes FROM runs WHERE run = '{damaged.Run}'"));
    }

    private Task<MigrationResult> MigrateAsync() => new FolderMigrator(TimeProvider.System, new Progress<WorkStep>()).RunAsync(_folder.Path, Stop);

    private async Task RequireNewestAsync(DataFolder before)
    {
        var after = await DataFolder.OpenExistingAsync(_folder.Path, TimeProvider.System, Stop);
        Assert.Equal(before.Format with { Format = FolderFormat.Current }, after.Format);
        Assert.Equal(before.DeriveKey("artifacts"), after.DeriveKey("artifacts"));
        using var made = new ScratchFolder();
        Directory.CreateDirectory(made.Path);
        await using (JournalDatabase.Open(made.Path))
        {
        }

        using (var journal = RawConnection.Open(_folder.At("journal.db"), readOnly: true))
            Assert.Equal(5, journal.QueryNumber($"SELECT count(*) FROM runs WHERE body_digest = '{new string('0', 64)}'"));

        // What was migrated and what is made anew have the same tables.
        const string Schema = "SELECT group_concat(name || sql, ';') FROM (SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name)";
        using var migrated = RawConnection.Open(_folder.At("journal.db"), readOnly: true);
        using var fresh = RawConnection.Open(made.At("journal.db"), readOnly: true);
        Assert.Equal(fresh.QueryText(Schema), migrated.QueryText(Schema));
    }

    private sealed class StoppingProgress(int stopAt) : IProgress<WorkStep>
    {
        private int _reports;

        public void Report(WorkStep value)
        {
            if (++_reports == stopAt) throw new OperationCanceledException(value.What);
        }
    }
}

using AgentRuntime.Common;
using AgentRuntime.Embedded.Backup;
using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Silo.Tests.Embedded.Backup;

/// <summary>Where backups and restored folders are made, and by whom at a time.</summary>
public sealed class BackupDraftTests : IAsyncLifetime
{
    private const string Mark = ".agentruntime-draft";

    private BackupBench _bench = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await BackupBench.OpenAsync();
        await _bench.Store.AddRunAsync("one");
        await _bench.TakeAsync(_bench.At("backup"));
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("restored", false)]
    [InlineData("restored/", false)]
    [InlineData("restored", true)]
    [InlineData("restored/", true)]
    public async Task RestoreAsync_AnyFormOfATarget_IsMadeWithoutLeavingAnythingBeside(string target, bool isThere)
    {
        if (isThere) Directory.CreateDirectory(_bench.At("restored"), (UnixFileMode)0b111_101_101);
        await RestoreAsync(_bench.At(target), () =>
        {
            // A folder that is there may be a mount point: nothing can be renamed across its border.
            if (isThere) Assert.Equal(["backup", "restored"], _bench.Names());
        });
        Assert.Equal(["backup", "restored"], _bench.Names());
        await RequireRestoredAsync(_bench.At(target));
    }

    [Theory]
    [InlineData("second", false)]
    [InlineData("second/", false)]
    [InlineData("second", true)]
    [InlineData("second/", true)]
    public async Task TakeAsync_AnyFormOfATarget_CanBeRestored(string target, bool isThere)
    {
        if (isThere) Directory.CreateDirectory(_bench.At("second"));
        await _bench.TakeAsync(_bench.At(target));
        Assert.Equal(["backup", "second"], _bench.Names());
        await new BackupRestorer(TimeProvider.System, new Progress<WorkStep>()).RestoreAsync(_bench.At(target), _bench.At("restored"), Stop);
        await RequireRestoredAsync(_bench.At("restored"));
    }

    [Fact]
    public async Task RestoreAsync_IntoAMountPoint_IsMadeThere()
    {
        using var disk = FullDisk.Mount(megabytes: 64);
        await RestoreAsync(disk.Path);
        await RequireRestoredAsync(disk.Path);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RestoreAsync_WhileAnotherMakesTheSame_IsRefusedAndTheOtherIsWhole(bool isThere)
    {
        if (isThere) Directory.CreateDirectory(_bench.At("restored"));
        var refusals = new List<AgentRuntimeException>();
        await RestoreAsync(_bench.At("restored"), () =>
        {
            refusals.Add(Assert.Throws<AgentRuntimeException>(() => BackupDraft.Begin(_bench.At("restored"), FolderLayout.Format)));
        });
        Assert.True(refusals.Count > 3);
        Assert.All(refusals, refusal =>
        {
            Assert.Equal(ErrorCode.Unavailable, refusal.Code);
            Assert.Contains("is being written by another backup or restore", refusal.Message, StringComparison.Ordinal);
        });
        await RequireRestoredAsync(_bench.At("restored"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Publish_SomethingCameToBeThere_IsRefusedAndThatStays(bool isThere)
    {
        var target = _bench.At("target");
        if (isThere) Directory.CreateDirectory(target);
        using (var draft = BackupDraft.Begin(target, "last"))
        {
            File.WriteAllText(Path.Combine(draft.Content, "first"), "mine");
            File.WriteAllText(Path.Combine(draft.Content, "last"), "mine");
            Directory.CreateDirectory(target);
            File.WriteAllText(Path.Combine(target, "first"), "yours");
            Assert.Equal(ErrorCode.AlreadyExists, Assert.Throws<AgentRuntimeException>(draft.Publish).Code);
        }

        Assert.Equal(["first"], BackupBench.Names(target).Where(name => name != ".lock"));
        Assert.Equal("yours", File.ReadAllText(Path.Combine(target, "first")));
        Assert.Equal(["backup", "target"], _bench.Names());
    }

    [Fact]
    public async Task RestoreAsync_WhatAKilledOneLeft_IsRemovedAndNothingElse()
    {
        await LeaveAsync("restored.abcdefghijk.unfinished", Mark, "content/journal.db");
        await LeaveAsync("restored.abcdefghijl.unfinished", "stranger");
        await LeaveAsync("restored.unfinished", Mark, "stranger");
        await RestoreAsync(_bench.At("restored"));
        Assert.Equal(["backup", "restored", "restored.abcdefghijl.unfinished", "restored.unfinished"], _bench.Names());
        Assert.Equal(["stranger"], BackupBench.Names(_bench.At("restored.abcdefghijl.unfinished")));
        Assert.Equal([Mark, "stranger"], BackupBench.Names(_bench.At("restored.unfinished")));
    }

    [Fact]
    public async Task RestoreAsync_IntoAFolderWhereOneWasKilled_GoesOnOnlyWithWhatThatOneLeft()
    {
        await LeaveAsync("restored/.unfinished", Mark, "content/format");
        await File.WriteAllTextAsync(_bench.At("restored/.unfinished/moved"), "journal.db\nkeys\nformat", Stop);
        await LeaveAsync("restored", ".lock", "journal.db", "keys/root.key", "stranger");
        Assert.Equal(ErrorCode.AlreadyExists, (await Assert.ThrowsAsync<AgentRuntimeException>(() => RestoreAsync(_bench.At("restored")))).Code);
        Assert.Equal([".lock", ".unfinished", "journal.db", "keys", "stranger"], BackupBench.Names(_bench.At("restored")));

        File.Delete(_bench.At("restored", "stranger"));
        await RestoreAsync(_bench.At("restored"));
        await RequireRestoredAsync(_bench.At("restored"));
    }

    private async Task LeaveAsync(string folder, params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_bench.At(folder, file))!);
            await File.WriteAllTextAsync(_bench.At(folder, file), "left", Stop);
        }
    }

    private Task RestoreAsync(string target, Action? meanwhile = null) =>
        new BackupRestorer(TimeProvider.System, new Meanwhile(meanwhile)).RestoreAsync(_bench.At("backup"), target, Stop);

    private static async Task RequireRestoredAsync(string target)
    {
        var folder = await DataFolder.OpenExistingAsync(target, TimeProvider.System, Stop);
        Assert.Equal(Path.TrimEndingDirectorySeparator(target), folder.Path);
        Assert.DoesNotContain(".unfinished", BackupBench.Names(target));
        using var journal = AgentRuntime.Embedded.Journal.RawConnection.Open(folder.At("journal.db"), readOnly: true);
        Assert.Equal((long)AgentRuntime.Runs.RunStatus.Paused, journal.QueryNumber("SELECT status FROM runs"));
    }

    private sealed class Meanwhile(Action? action) : IProgress<WorkStep>
    {
        public void Report(WorkStep value) => action?.Invoke();
    }
}

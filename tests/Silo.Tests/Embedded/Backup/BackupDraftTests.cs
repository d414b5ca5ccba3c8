using AgentRuntime.Common;
using AgentRuntime.Embedded.Backup;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Backup;

/// <summary>Where backups and restored folders are made, and by whom at a time.</summary>
public sealed class BackupDraftTests : IAsyncLifetime
{
    private const string Mark = ".agentruntime-draft";

    private readonly ScratchFolder _place = new();
    private StoreBench _bench = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _bench = await StoreBench.OpenAsync();
        await _bench.AddRunAsync("one");
        Directory.CreateDirectory(_place.Path);
        await TakeAsync(_place.At("backup"));
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _place.Dispose();
    }

    [Theory]
    [InlineData("restored", false)]
    [InlineData("restored/", false)]
    [InlineData("restored", true)]
    [InlineData("restored/", true)]
    public async Task RestoreAsync_AnyFormOfATarget_IsMadeWithoutLeavingAnythingBeside(string target, bool isThere)
    {
        if (isThere) Directory.CreateDirectory(_place.At("restored"), (UnixFileMode)0b111_101_101);
        await RestoreAsync(_place.At(target), () =>
        {
            // A folder that is there may be a mount point: nothing can be renamed across its border.
            if (isThere) Assert.Equal(["backup", "restored"], Names(_place.Path));
        });
        Assert.Equal(["backup", "restored"], Names(_place.Path));
        await RequireRestoredAsync(_place.At(target));
    }

    [Theory]
    [InlineData("second", false)]
    [InlineData("second/", false)]
    [InlineData("second", true)]
    [InlineData("second/", true)]
    public async Task TakeAsync_AnyFormOfATarget_CanBeRestored(string target, bool isThere)
    {
        if (isThere) Directory.CreateDirectory(_place.At("second"));
        await TakeAsync(_place.At(target));
        Assert.Equal(["backup", "second"], Names(_place.Path));
        await new BackupRestorer(TimeProvider.System, new Progress<WorkStep>()).RestoreAsync(_place.At(target), _place.At("restored"), Stop);
        await RequireRestoredAsync(_place.At("restored"));
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
        if (isThere) Directory.CreateDirectory(_place.At("restored"));
        var refusals = new List<AgentRuntimeException>();
        await RestoreAsync(_place.At("restored"), () =>
        {
            refusals.Add(Assert.Throws<AgentRuntimeException>(() => BackupDraft.Begin(_place.At("restored"), FolderLayout.Format)));
        });
        Assert.True(refusals.Count > 3);
        Assert.All(refusals, refusal =>
        {
            Assert.Equal(ErrorCode.Unavailable, refusal.Code);
            Assert.Contains("is being written by another backup or restore", refusal.Message, StringComparison.Ordinal);
        });
        await RequireRestoredAsync(_place.At("restored"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Publish_SomethingCameToBeThere_IsRefusedAndThatStays(bool isThere)
    {
        var target = _place.At("target");
        if (isThere) Directory.CreateDirectory(target);
        using (var draft = BackupDraft.Begin(target, "last"))
        {
            File.WriteAllText(Path.Combine(draft.Content, "first"), "mine");
            File.WriteAllText(Path.Combine(draft.Content, "last"), "mine");
            Directory.CreateDirectory(target);
            File.WriteAllText(Path.Combine(target, "first"), "yours");
            Assert.Equal(ErrorCode.AlreadyExists, Assert.Throws<AgentRuntimeException>(draft.Publish).Code);
        }

        Assert.Equal(["first"], Names(target).Where(name => name != ".lock"));
        Assert.Equal("yours", File.ReadAllText(Path.Combine(target, "first")));
        Assert.Equal(["backup", "target"], Names(_place.Path));
    }

    [Fact]
    public async Task RestoreAsync_WhatAKilledOneLeft_IsRemovedAndNothingElse()
    {
        await LeaveAsync("restored.abcdefghijk.unfinished", Mark, "content/journal.db");
        await LeaveAsync("restored.abcdefghijl.unfinished", "stranger");
        await LeaveAsync("restored.unfinished", Mark, "stranger");
        await RestoreAsync(_place.At("restored"));
        Assert.Equal(["backup", "restored", "restored.abcdefghijl.unfinished", "restored.unfinished"], Names(_place.Path));
        Assert.Equal(["stranger"], Names(_place.At("restored.abcdefghijl.unfinished")));
        Assert.Equal([Mark, "stranger"], Names(_place.At("restored.unfinished")));
    }

    [Fact]
    public async Task RestoreAsync_IntoAFolderWhereOneWasKilled_GoesOnOnlyWithWhatThatOneLeft()
    {
        await LeaveAsync("restored/.unfinished", Mark, "content/format");
        await File.WriteAllTextAsync(_place.At("restored/.unfinished/moved"), "journal.db\nkeys\nformat", Stop);
        await LeaveAsync("restored", ".lock", "journal.db", "keys/root.key", "stranger");
        Assert.Equal(ErrorCode.AlreadyExists, (await Assert.ThrowsAsync<AgentRuntimeException>(() => RestoreAsync(_place.At("restored")))).Code);
        Assert.Equal([".lock", ".unfinished", "journal.db", "keys", "stranger"], Names(_place.At("restored")));

        File.Delete(_place.At("restored", "stranger"));
        await RestoreAsync(_place.At("restored"));
        await RequireRestoredAsync(_place.At("restored"));
    }

    private async Task LeaveAsync(string folder, params string[] files)
    {
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_place.At(folder, file))!);
            await File.WriteAllTextAsync(_place.At(folder, file), "left", Stop);
        }
    }

    private Task TakeAsync(string target) => new BackupTaker(_bench.Folder, TimeProvider.System, new Progress<WorkStep>()).TakeAsync(target, Stop);

    private Task RestoreAsync(string target, Action? meanwhile = null) =>
        new BackupRestorer(TimeProvider.System, new Meanwhile(meanwhile)).RestoreAsync(_place.At("backup"), target, Stop);

    private static async Task RequireRestoredAsync(string target)
    {
        var folder = await DataFolder.OpenExistingAsync(target, TimeProvider.System, Stop);
        Assert.Equal(Path.TrimEndingDirectorySeparator(target), folder.Path);
        Assert.DoesNotContain(".unfinished", Names(target));
        using var journal = AgentRuntime.Embedded.Journal.RawConnection.Open(folder.At("journal.db"), readOnly: true);
        Assert.Equal((long)AgentRuntime.Runs.RunStatus.Paused, journal.QueryNumber("SELECT status FROM runs"));
    }

    private static IEnumerable<string> Names(string folder) => Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal);

    private sealed class Meanwhile(Action? action) : IProgress<WorkStep>
    {
        public void Report(WorkStep value) => action?.Invoke();
    }
}

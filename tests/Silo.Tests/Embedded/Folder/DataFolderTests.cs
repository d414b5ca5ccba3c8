using System.Text;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Embedded.Folder;

public sealed class DataFolderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OpenAsync_NewFolder_IsMadeForItsOwnerOnly()
    {
        var folder = await OpenAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.At("keys", "root.key")));
        Assert.Equal(FolderFormat.Current, folder.Format.Format);
    }

    [Fact]
    public async Task OpenAsync_Again_KeepsClusterAndKeys()
    {
        var first = await OpenAsync();
        var second = await OpenAsync();
        Assert.Equal(first.Format, second.Format);
        Assert.Equal(first.DeriveKey("artifacts"), second.DeriveKey("artifacts"));
    }

    [Fact]
    public async Task OpenAsync_ManyAtOnce_AgreeOnOneCluster()
    {
        // Often: what one process makes must never look foreign to another that comes in between.
        for (var round = 0; round < 40; round++)
        {
            using var fresh = new ScratchFolder();
            var folders = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
                () => DataFolder.OpenAsync(fresh.Path, null, null, TimeProvider.System, Stop))));
            Assert.Single(folders.Select(folder => folder.Format.ClusterId).Distinct());
            Assert.Single(folders.Select(folder => Convert.ToHexString(folder.DeriveKey("x"))).Distinct());
        }
    }

    [Fact]
    public async Task DeriveKey_OtherPurposeOrFolder_GivesAnUnrelatedKey()
    {
        using var elsewhere = new ScratchFolder();
        var here = await OpenAsync();
        var there = await DataFolder.OpenAsync(elsewhere.Path, null, here.Format.ClusterId, TimeProvider.System, Stop);
        byte[][] keys = [here.DeriveKey("a"), here.DeriveKey("b"), there.DeriveKey("a")];
        Assert.Equal(3, keys.Select(Convert.ToHexString).Distinct().Count());
        Assert.All(keys, key => Assert.Equal(RootKey.Length, key.Length));
    }

    [Fact]
    public async Task OpenAsync_NewerFormat_IsRefusedByName()
    {
        await WriteFormatAsync("""{"format":3,"clusterId":"c","serviceId":"s","createdBy":"9.9.9"}""");
        var failure = await RefusedAsync(ErrorCode.StorageCorrupted);
        Assert.Contains("format 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("9.9.9", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"format":"one"}""")]
    [InlineData("""{"format":1,"clusterId":"../up","serviceId":"s","createdBy":"1"}""")]
    public async Task OpenAsync_DamagedFormat_IsRefused(string content)
    {
        await WriteFormatAsync(content);
        Assert.Contains("'format'", (await RefusedAsync(ErrorCode.StorageCorrupted)).Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(_folder.At("format"), Stop));
    }

    [Fact]
    public async Task OpenAsync_ForeignFolder_IsRefusedUntouched()
    {
        Directory.CreateDirectory(_folder.Path);
        await File.WriteAllTextAsync(_folder.At("thesis.txt"), "chapter 1", Stop);
        await RefusedAsync(ErrorCode.FailedPrecondition);
        Assert.Equal(["thesis.txt"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task OpenAsync_FileInstead_IsRefused()
    {
        await File.WriteAllTextAsync(_folder.Path, "", Stop);
        await RefusedAsync(ErrorCode.StorageExhausted);
        File.Delete(_folder.Path);
    }

    [Fact]
    public async Task OpenAsync_FolderOpenToOthers_IsRefusedWithTheFix()
    {
        File.SetUnixFileMode((await OpenAsync()).Path, (UnixFileMode)0b111_101_101);
        Assert.Contains("chmod 700", (await RefusedAsync(ErrorCode.PermissionDenied)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_KeyOpenToOthers_IsRefusedWithTheFix()
    {
        File.SetUnixFileMode((await OpenAsync()).At("keys", "root.key"), (UnixFileMode)0b110_100_000);
        Assert.Contains("chmod 600", (await RefusedAsync(ErrorCode.PermissionDenied)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_TruncatedKey_IsRefusedAndNotReplaced()
    {
        var key = (await OpenAsync()).At("keys", "root.key");
        await File.WriteAllBytesAsync(key, [1, 2, 3], Stop);
        await RefusedAsync(ErrorCode.StorageCorrupted);
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(key, Stop));
    }

    [Fact]
    public async Task OpenAsync_KeyGoneWithDataThere_DoesNotMakeAnother()
    {
        var folder = await OpenAsync();
        File.Delete(folder.At("keys", "root.key"));
        await RefusedAsync(ErrorCode.StorageCorrupted);
        Assert.False(File.Exists(folder.At("keys", "root.key")));
    }

    [Theory]
    [InlineData("other", null)]
    [InlineData(null, "other")]
    public async Task OpenAsync_OtherIds_AreRefusedNamingBoth(string? service, string? cluster)
    {
        await OpenAsync();
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => DataFolder.OpenAsync(_folder.Path, service, cluster, TimeProvider.System, Stop));
        Assert.Equal(ErrorCode.FailedPrecondition, failure.Code);
        Assert.Contains("'other'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_DiedBetweenLockAndFormat_StartsAnew()
    {
        Directory.CreateDirectory(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllBytesAsync(_folder.At(FolderLayout.Lock), [], Stop);
        await File.WriteAllBytesAsync(_folder.At("format.0123.tmp"), [1], Stop);
        Assert.Equal(FolderFormat.Current, (await OpenAsync()).Format.Format);
    }

    private Task<DataFolder> OpenAsync() => DataFolder.OpenAsync(_folder.Path, null, null, TimeProvider.System, Stop);

    private async Task WriteFormatAsync(string content)
    {
        await OpenAsync();
        await File.WriteAllBytesAsync(_folder.At("format"), Encoding.UTF8.GetBytes(content), Stop);
    }

    private async Task<AgentRuntimeException> RefusedAsync(ErrorCode code)
    {
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(OpenAsync);
        Assert.Equal(code, failure.Code);
        Assert.Contains(_folder.Path, failure.Message, StringComparison.Ordinal);
        return failure;
    }
}

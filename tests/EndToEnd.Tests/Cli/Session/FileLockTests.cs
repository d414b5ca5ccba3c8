extern alias cli;

using AgentRuntime.EndToEnd.Tests.Client;
using AgentRuntime.Testing;
using cli::AgentRuntime.Cli;
using cli::AgentRuntime.Cli.Session;

namespace AgentRuntime.EndToEnd.Tests.Cli.Session;

public sealed class FileLockTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly SkippingTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Path => _folder.At("sub/lock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Take_OfALockThatIsHeldForLong_SaysSoInTheEnd()
    {
        using (await FileLock.TakeAsync(Path, TimeSpan.FromSeconds(10), _time, Stop))
        {
            var refused = await Assert.ThrowsAsync<CliException>(() => FileLock.TakeAsync(Path, TimeSpan.FromSeconds(10), _time, Stop));
            Assert.Equal(ExitCode.Conflict, refused.ExitCode);
            Assert.Contains(Path, refused.Message, StringComparison.Ordinal);
            Assert.Equal(10, _time.Waits.Sum(wait => wait.TotalSeconds), 0.01);
        }

        using var again = await FileLock.TakeAsync(Path, TimeSpan.Zero, _time, Stop);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path));
    }

    [Fact]
    public async Task Take_OnceItIsFree_HasIt()
    {
        var held = await FileLock.TakeAsync(Path, TimeSpan.FromSeconds(10), _time, Stop);
        var next = FileLock.TakeAsync(Path, TimeSpan.FromSeconds(30), TimeProvider.System, Stop);
        held.Dispose();
        (await next).Dispose();
    }

    [Fact]
    public async Task Take_OfAFileThatCannotBe_DoesNotWaitForIt()
    {
        await Assert.ThrowsAsync<PathTooLongException>(() => FileLock.TakeAsync(_folder.At(new string('x', 300)), TimeSpan.FromSeconds(10), _time, Stop));
        Assert.Empty(_time.Waits);
    }
}

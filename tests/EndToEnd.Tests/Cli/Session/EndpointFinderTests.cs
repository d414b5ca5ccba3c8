extern alias cli;

using System.Net;
using System.Net.Sockets;
using AgentRuntime.Testing;
using cli::AgentRuntime.Cli;
using cli::AgentRuntime.Cli.Session;

namespace AgentRuntime.EndToEnd.Tests.Cli.Session;

public sealed class EndpointFinderTests : IDisposable
{
    // Says that it is olga's and good until the year 2100.
    private const string SomeToken = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvbGdhIiwiZXhwIjo0MTAyNDQ0ODAwfQ.";

    private readonly ScratchFolder _folder = ScratchFolder.Make();
    private readonly TcpListener _silo = new(IPAddress.Loopback, 0);

    public EndpointFinderTests()
    {
        _silo.Start();
        Directory.CreateDirectory(_folder.At("endpoints"));
        Leave("1.json", $$"""{"url":"{{Address}}"}""");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Address => $"http://127.0.0.1:{((IPEndPoint)_silo.LocalEndpoint).Port}/";

    public void Dispose()
    {
        _silo.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("""{"url":5}""")]
    [InlineData("[]")]
    [InlineData("""{"url":null}""")]
    [InlineData("""{"url":"file:///x"}""")]
    [InlineData("""{"url":"net.tcp://127.0.0.1:80"}""")]
    [InlineData("")]
    public async Task Find_PastAFileThatHoldsNoAddress_GoesOn(string content)
    {
        File.SetLastWriteTimeUtc(_folder.At("endpoints", "1.json"), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));
        Leave("2.json", content);
        Assert.Equal(Address, (await FindAsync(_folder.Path)).AbsoluteUri);
    }

    [Theory]
    [InlineData("")]
    [InlineData("endpoints")]
    [InlineData("endpoints/1.json")]
    public async Task Find_WhereOthersMayWrite_TakesNothing(string part)
    {
        var path = _folder.At(part);
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherWrite);
        var refused = await Assert.ThrowsAsync<CliException>(() => FindAsync(_folder.Path));
        Assert.Equal(ExitCode.NoServer, refused.ExitCode);
        Assert.Contains("must belong to this user", refused.Message, StringComparison.Ordinal);
        Assert.False(_silo.Pending());
    }

    [Fact]
    public async Task Find_WhereNobodyElseGetsAt_MindsNoModeBelow()
    {
        const UnixFileMode OfTheUser = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(_folder.Path, OfTheUser);
        File.SetUnixFileMode(_folder.At("endpoints"), OfTheUser | UnixFileMode.GroupWrite);
        Assert.Equal(Address, (await FindAsync(_folder.Path)).AbsoluteUri);
    }

    [Fact]
    public void OwnFile_IsThatOfOneUserOnly()
    {
        var file = _folder.At("endpoints", "1.json");
        Assert.Equal((true, false), (OwnFile.IsOf(OwnFile.User, file), OwnFile.IsOf(OwnFile.User + 1, file)));
        Assert.False(OwnFile.IsOf(OwnFile.User, _folder.At("nothing")));
    }

    [Fact]
    public async Task Find_OfATokenForWhichNobodyNamedASilo_Refuses()
    {
        var refused = await Assert.ThrowsAsync<CliException>(() => FindAsync(null));
        Assert.Equal(ExitCode.Usage, refused.ExitCode);
        Assert.Contains("give --endpoint", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "list", "--tenant", "demo")]
    [InlineData("doctor")]
    public async Task Command_InAFolderOfSomebodyElse_KeepsItsTokenToItself(params string[] arguments)
    {
        Directory.Move(_folder.At("endpoints"), Path.Combine(Directory.CreateDirectory(_folder.At(".agentruntime")).FullName, "endpoints"));
        using var agentctl = new Agentctl(null) { CurrentFolder = _folder.Path, Token = SomeToken };
        var result = await agentctl.RunAsync(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("give --endpoint", result.Errors, StringComparison.Ordinal);
        Assert.False(_silo.Pending());
    }

    private static Task<Uri> FindAsync(string? folder) => EndpointFinder.FindAsync(option: null, new GivenCredential("token", "demo", folder), Stop);

    private void Leave(string name, string content) => File.WriteAllText(_folder.At("endpoints", name), content);
}

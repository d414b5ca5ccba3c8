using System.Net;
using System.Net.Sockets;
using AgentRuntime.Testing;

namespace AgentRuntime.Cluster.Tests;

/// <summary>What can be wrong at start ends it with one clear line and a code.</summary>
public sealed class StartErrorTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--grpc-port")]
    [InlineData("--http-port")]
    [InlineData("--silo-port")]
    public async Task BusyPort_IsNamedWithItsOption(string option)
    {
        using var busy = new TcpListener(IPAddress.Loopback, 0);
        busy.Start();
        var port = ((IPEndPoint)busy.LocalEndpoint).Port;
        var options = SiloProcessOptions.OnFreePorts(_folder.Path);
        options = option switch
        {
            "--grpc-port" => options with { GrpcPort = port },
            "--http-port" => options with { HttpPort = port },
            _ => options with { SiloPort = port },
        };
        await RefusedAsync(options, 3, $"{port}", option);
        Assert.False(Directory.Exists(_folder.Path));
    }

    [Fact]
    public async Task UnwritablePlace_IsNamed()
    {
        // Root may write in any folder, but nobody below a file.
        var file = _folder.Path;
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await RefusedAsync(SiloProcessOptions.OnFreePorts(Path.Combine(file, "data")), 4, file, "--data");
        await RefusedAsync(SiloProcessOptions.OnFreePorts(file), 4, file, "--data");
        File.Delete(file);
    }

    [Fact]
    public async Task ForeignFolder_IsRefusedUntouched()
    {
        Directory.CreateDirectory(_folder.Path);
        await File.WriteAllTextAsync(_folder.At("thesis.txt"), "", TestContext.Current.CancellationToken);
        await RefusedAsync(SiloProcessOptions.OnFreePorts(_folder.Path), 5, _folder.Path, "--data");
        Assert.Single(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("format", """{"format":99,"clusterId":"c","serviceId":"s","createdBy":"8.0.0"}""", "format 99")]
    [InlineData("format", "?", "damaged")]
    [InlineData("membership.db", "this is no database, however long one looks at it ................................................", "membership.db")]
    [InlineData("state.db", "this is no database, however long one looks at it ................................................", "state.db")]
    [InlineData("journal.db", "this is no database, however long one looks at it ................................................", "journal.db")]
    public async Task DamagedOrNewerFile_IsNamed(string file, string content, string named)
    {
        var options = SiloProcessOptions.OnFreePorts(_folder.Path);
        await using (await SiloProcess.StartAsync(options))
        {
        }

        foreach (var log in Directory.EnumerateFiles(_folder.Path, $"{file}-*"))
        {
            File.Delete(log);
        }

        Assert.True(File.Exists(_folder.At(file)), file);
        await File.WriteAllTextAsync(_folder.At(file), content, TestContext.Current.CancellationToken);
        await RefusedAsync(options, 4, named, _folder.Path);
        Assert.Equal(content, await File.ReadAllTextAsync(_folder.At(file), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task OpenFolder_IsRefusedWithTheFix()
    {
        var options = SiloProcessOptions.OnFreePorts(_folder.Path);
        await using (await SiloProcess.StartAsync(options))
        {
        }

        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_111_111);
        await RefusedAsync(options, 4, "chmod 700");
    }

    [Theory]
    [InlineData("--frobnicate", "", "--frobnicate")]
    [InlineData("--port-offset", "-3", "--port-offset")]
    [InlineData("--port-offset", "many", "many")]
    public async Task WrongOption_IsNamed(string option, string value, string named) => await RefusedAsync(
        SiloProcessOptions.OnFreePorts(_folder.Path) with { Arguments = value.Length > 0 ? [option, value] : [option] }, 2, named);

    [Theory]
    [InlineData("AGENTRT_Silo__StopTimeoutSeconds", "soon", "Silo:StopTimeoutSeconds")]
    [InlineData("AGENTRT_Silo__StopTimeoutSeconds", "0", "Silo:StopTimeoutSeconds")]
    [InlineData("AGENTRT_FrontDoor__HeartbeatSeconds", "0", "FrontDoor:HeartbeatSeconds")]
    public async Task WrongVariable_IsNamed(string variable, string value, string named) => await RefusedAsync(
        SiloProcessOptions.OnFreePorts(_folder.Path) with { Environment = new Dictionary<string, string> { [variable] = value } }, 2, named);

    [Fact]
    public async Task Help_ListsTheOptionsAndSucceeds()
    {
        await using var silo = SiloProcess.Launch(SiloProcessOptions.OnFreePorts(_folder.Path) with { Arguments = ["--help"] });
        Assert.Equal(0, await silo.WaitForExitAsync(TimeSpan.FromSeconds(15)));
        Assert.False(Directory.Exists(_folder.Path));
    }

    private static async Task RefusedAsync(SiloProcessOptions options, int code, params string[] named)
    {
        await using var silo = SiloProcess.Launch(options);
        Assert.Equal(code, await silo.WaitForExitAsync(TimeSpan.FromSeconds(90)));
        Assert.All(named, text => Assert.Contains(text, silo.Errors, StringComparison.Ordinal));
        var lines = silo.Errors.Split('\n');
        Assert.StartsWith("error: ", lines[0], StringComparison.Ordinal);
        Assert.True(lines.Length == 1 || (lines.Length == 2 && lines[1] == "Try --help."), silo.Errors);
    }
}

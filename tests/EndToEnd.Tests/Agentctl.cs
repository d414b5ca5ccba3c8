using System.Diagnostics;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>The real agentctl as a process, with a configuration folder of its own.</summary>
/// <param name="dataFolder">The data folder that its environment names; null: none.</param>
internal sealed class Agentctl(string? dataFolder) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // As agentctl --help has it.
    private const int NoServer = 3;

    private readonly ScratchFolder _config = new();

    public string ConfigFolder => _config.Path;

    /// <summary>Where it is started; null for where the tests run.</summary>
    public string? CurrentFolder { get; set; }

    /// <summary>A PEM file of the certificates that it trusts; null for those of the system.</summary>
    public string? Trusts { get; set; }

    /// <summary>The token that its environment holds; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>Runs one command to its end.</summary>
    public async Task<AgentctlResult> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(Start(arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw new TimeoutException($"agentctl {string.Join(' ', arguments)} did not end in {Patience}.");
        }

        return new AgentctlResult(process.ExitCode, await output, await errors);
    }

    /// <summary>Runs one command and gives its lines as they come. It ends with the reading, at the latest in time.</summary>
    public async IAsyncEnumerable<string> LinesAsync(params string[] arguments)
    {
        using var process = Process.Start(Start(arguments))!;
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line) yield return line;
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>Runs one command that has to succeed and returns its output.</summary>
    public async Task<string> OkAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        Assert.True(result.ExitCode == 0, $"agentctl {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Errors}");
        return result.Output;
    }

    /// <summary>Runs one command again as long as it is told to try again, as when a silo has just gone.</summary>
    public Task UntilOkAsync(params string[] arguments) => Eventually.TrueAsync(
        async () =>
        {
            var result = await RunAsync(arguments);
            Assert.True(result.ExitCode is 0 or NoServer, $"agentctl {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Errors}");
            return result.ExitCode == 0;
        },
        $"agentctl {string.Join(' ', arguments)} succeeds");

    public void Dispose() => _config.Dispose();

    private ProcessStartInfo Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "agentctl.dll"));
        if (CurrentFolder is not null) start.WorkingDirectory = CurrentFolder;
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["XDG_CONFIG_HOME"] = _config.Path;
        start.Environment.Remove("AGENTRT_DATA");
        if (dataFolder is not null) start.Environment["AGENTRT_DATA"] = dataFolder;
        if (Trusts is not null) start.Environment["SSL_CERT_FILE"] = Trusts;
        foreach (var name in new[] { "AGENTRT_ENDPOINT", "AGENTRT_AS", "AGENTRT_ROLE", "AGENTRT_TENANT", "AGENTRT_TOKEN" }) start.Environment.Remove(name);
        if (Token is not null) start.Environment["AGENTRT_TOKEN"] = Token;
        return start;
    }
}

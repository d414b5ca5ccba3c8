using System.Diagnostics;
using System.Globalization;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests.Local;

/// <summary>aws-up and aws-down of deploy/local, on a folder of the test's and started in another.</summary>
internal sealed class LocalScript(ScratchFolder folder)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    public Task<AgentctlResult> UpAsync() =>
        RunAsync("aws-up", path: null, "--folder", "state", "--silo", Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Silo.dll"));

    /// <summary>With nothing on the PATH but what says so.</summary>
    public Task<AgentctlResult> UpWithoutProgramsAsync()
    {
        var programs = Directory.CreateDirectory(folder.At("bin")).FullName;
        foreach (var name in new[] { "dirname", "sed" }) File.CreateSymbolicLink(Path.Combine(programs, name), $"/usr/bin/{name}");
        File.CreateSymbolicLink(Path.Combine(programs, "bash"), "/bin/bash");
        return RunAsync("aws-up", programs, "--folder", "state");
    }

    public Task<AgentctlResult> DownAsync() => RunAsync("aws-down", path: null, "--folder", "state");

    /// <summary>The processes that were started last, by their names.</summary>
    public Dictionary<string, int> Processes()
    {
        var found = new Dictionary<string, int>();
        foreach (var words in File.ReadLines(folder.At("state", "processes")).Select(line => line.Split(' '))) found[words[0]] = int.Parse(words[1], CultureInfo.InvariantCulture);
        return found;
    }

    /// <summary>Where the shop of the samples listens.</summary>
    public string OrdersPort() => File.ReadLines(folder.At("state", "ports")).First().Split("orders_port=")[1];

    private async Task<AgentctlResult> RunAsync(string script, string? path, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/bash", [Path.Combine(NodePackages.RepositoryRoot(), "deploy", "local", script), .. arguments])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (path is not null) start.Environment["PATH"] = path;
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return new AgentctlResult(process.ExitCode, await output, errors);
    }
}

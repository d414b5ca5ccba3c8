using System.Diagnostics;
using System.Text.Json;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>The power is cut at every sync of a small workload; planted faults must be noticed.</summary>
public sealed class PowerLossTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(null, 0, null)]
    [InlineData("no-fsync", 3, "acknowledged-record-survives")]
    [InlineData("artifact-after-record", 3, "artifact-before-record")]
    public async Task PowerLoss_AtEverySync_LosesNothingAndNoticesPlants(string? plant, int exitCode, string? invariant)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && HasStrace(), "Recording system calls needs Linux and strace (apt-get install strace).");
        string[] plants = plant is null ? [] : ["--plant", plant];

        var (code, output, errors) = await RunAsync(["powerloss", "--appends", "96", "--json", .. plants]);

        Assert.True(code == exitCode, $"Exit code {code} instead of {exitCode}: {output}{errors}");
        using var report = JsonDocument.Parse(output);
        var broken = report.RootElement.GetProperty("broken").EnumerateArray().Select(name => name.GetString()).ToArray();
        Assert.True(report.RootElement.GetProperty("losses").GetInt32() > 100);
        Assert.Equal(96, report.RootElement.GetProperty("records").GetInt32());
        if (invariant is null)
            Assert.Empty(broken);
        else
            Assert.Contains(invariant, broken);
    }

    private static bool HasStrace() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "strace")));

    private static async Task<(int Code, string Output, string Errors)> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Chaos"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var errors = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            return (process.ExitCode, await output, await errors);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}

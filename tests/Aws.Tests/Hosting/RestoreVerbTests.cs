using System.Diagnostics;
using System.Text.Json;
using AgentRuntime.Aws.Tests.AwsStore.Restore;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;
using AgentRuntime.Silo.Tests.Runs;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Aws.Tests.Hosting;

/// <summary>The verb as a person runs it, killed with -9 in the middle. On DynamoDB Local.</summary>
public sealed class RestoreVerbTests(AwsStandIn aws, S3StandIn s3) : IDisposable
{
    private const int Runs = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ScratchFolder _place = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Restore_KilledInTheMiddle_GoesOnWhereItWas()
    {
        var scripts = new RunScripts();
        var tables = await RestoredCopy.CreateAsync(aws, s3);
        await using var first = await RunSilo.StartAsync(_place.At("first"), scripts, settings: await tables.ConfigurationAsync());
        await first.SetUpAsync(RunCast.Tenant);
        var runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => first.RunAsync(_ => Task.FromResult(Reply.HandOver("What next?")))));
        foreach (var run in runs) await Eventually.TrueAsync(async () => (await run.RowAsync()).Status == RunStatus.WaitingForInput, "the run waits for input");
        var copy = await tables.CopyAsync();

        var killed = 0;
        for (var kill = 0; kill < 3; kill++)
        {
            using var restoring = await SiloVerbAsync(copy);
            Assert.Contains("progress", await restoring.StandardOutput.ReadLineAsync(Stop), StringComparison.Ordinal);
            restoring.Kill();
            await restoring.WaitForExitAsync(Stop);
            if ((await copy.PlaceAsync()).IsRestored) killed++;
        }

        Assert.True(killed > 0, "No restore was killed before it was done.");
        using var last = await SiloVerbAsync(copy);
        using var deadline = new CancellationTokenSource(Patience);
        var lines = (await last.StandardOutput.ReadToEndAsync(deadline.Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await last.WaitForExitAsync(deadline.Token);
        Assert.True(last.ExitCode == 0, await last.StandardError.ReadToEndAsync(deadline.Token));
        Assert.Equal(Runs, JsonDocument.Parse(lines[^1]).RootElement.GetProperty("paused_runs").GetInt32());

        await using var second = await RunSilo.StartAsync(_place.At("second"), scripts, settings: await copy.ConfigurationAsync());
        foreach (var run in runs.Select(run => run.On(second)))
        {
            Assert.Equal(RunStatus.Paused, (await run.RowAsync()).Status);
            Assert.Single((await run.RecordsAsync()).OfType<RunRestored>());
        }
    }

    private static async Task<Process> SiloVerbAsync(RestoredCopy copy)
    {
        string[] arguments = ["exec", Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Silo.dll"), "restore", "--json", "--as-of", $"{TimeProvider.System.GetUtcNow().AddMinutes(-1):O}"];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in await copy.SettingsAsync()) start.Environment[$"AGENTRT_{name.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        return Process.Start(start)!;
    }
}

using System.Diagnostics;
using System.Text.Json;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>A run with an approved refund is forked at every record: no refund without a new approval, and a planted fault must be noticed.</summary>
public sealed class ForkTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData(null, 0)]
    [InlineData("inherit-approval", 3)]
    public async Task Fork_AtEveryRecord_InheritsNoApprovalAndNoticesThePlant(string? plant, int exitCode)
    {
        string[] plants = plant is null ? [] : ["--plant", plant];
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Chaos"), ["fork", "--json", .. plants])
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
            Assert.True(process.ExitCode == exitCode, $"Exit code {process.ExitCode} instead of {exitCode}: {await output}{await errors}");
            using var report = JsonDocument.Parse(await output);
            var unapproved = report.RootElement.GetProperty("effects_unapproved").GetInt32();
            var asked = report.RootElement.GetProperty("asked").GetInt32();
            Assert.Equal(plant is null, unapproved == 0);
            if (plant is null) Assert.Equal((asked, true), (report.RootElement.GetProperty("effects_approved").GetInt32(), asked > 0));
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>What an agentctl process left behind.</summary>
internal sealed record AgentctlResult(int ExitCode, string Output, string Errors)
{
    /// <summary>It failed with this code and one line of error that says <paramref name="culprit"/>, and nothing of a stack trace.</summary>
    public void FailsWith(int exitCode, string culprit)
    {
        Assert.True(exitCode == ExitCode, $"ended with {ExitCode}: {Errors}{Output}");
        var line = Assert.Single(Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("error: ", line, StringComparison.Ordinal);
        Assert.Contains(culprit, line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
    }
}

using System.Diagnostics;
using System.Text.Json;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>A verb of the silo's program that works on a data folder and ends.</summary>
internal static class SiloVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Starts the verb with <c>--json</c>.</summary>
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { "exec", Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Silo.dll") }.Concat(arguments).Append("--json"))
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>Runs the verb to its end, which must be a success, and returns its last line.</summary>
    public static async Task<JsonElement> OkAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        Assert.True(code == 0, $"silo {string.Join(' ', arguments)} ended with {code}: {errors}");
        return JsonDocument.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).RootElement;
    }

    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
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
            throw new TimeoutException($"silo {string.Join(' ', arguments)} did not end in {Patience}.");
        }

        return (process.ExitCode, await output, await errors);
    }
}

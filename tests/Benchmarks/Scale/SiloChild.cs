using System.Diagnostics;
using System.Text.Json;

namespace AgentRuntime.Benchmarks.Scale;

/// <summary>A silo process of the cluster that is measured. It stops when nobody has orders for it.</summary>
internal sealed class SiloChild : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;

    private SiloChild(Process process) => _process = process;

    public static async Task<SiloChild> StartAsync(string folder, string store, bool isFirst)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(SiloChild).Assembly.Location);
        string[] arguments = [ScaleSiloVerb.Name, "--data", folder, "--store", store, .. isFirst ? ["--first"] : Array.Empty<string>()];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var silo = new SiloChild(Process.Start(start)!);
        try
        {
            await silo.ReadAsync(Patience);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    public async Task<SiloShare> DriveAsync(SiloPlan plan)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(plan));
        await _process.StandardInput.FlushAsync();
        return JsonSerializer.Deserialize<SiloShare>(await ReadAsync(Patience + TimeSpan.FromSeconds(plan.WarmUpSeconds + plan.Seconds)))!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<string> ReadAsync(TimeSpan patience) =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(patience) ?? throw new InvalidOperationException($"Silo process {_process.Id} ended.");
}

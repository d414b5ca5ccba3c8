using System.Diagnostics;
using System.Text.Json;

namespace AgentRuntime.Benchmarks.FrontDoor;

/// <summary>The process of the callers, so that they share no thread and no heap with the silo; processors they do share.</summary>
internal sealed class Callers : IDisposable
{
    private readonly Process _process;
    private readonly string _endpoint;

    public Callers(string endpoint)
    {
        _endpoint = endpoint;
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(Callers).Assembly.Location);
        start.ArgumentList.Add(DriveVerb.Name);

        // What is measured is the silo: the callers make do with the small heap of a workstation.
        start.Environment["DOTNET_gcServer"] = "0";
        _process = Process.Start(start)!;
    }

    public async Task<IReadOnlyList<DriveFigures>> DriveAsync(double seconds, params DriveGroup[] groups)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new DrivePlan(_endpoint, seconds, groups)));
        await _process.StandardInput.FlushAsync();
        var line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The callers' process ended.");
        var figures = JsonSerializer.Deserialize<DriveFigures[]>(line)!;
        if (figures.FirstOrDefault(each => each.Errors > 0) is { } failed) await Console.Error.WriteLineAsync($"{failed.Name}: {failed.Errors} calls failed, first: {failed.FirstError}");
        return figures;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill();
        _process.Dispose();
    }
}

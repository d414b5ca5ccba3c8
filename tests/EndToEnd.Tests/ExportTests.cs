using System.Text.Json;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>A run is exported and looked at without a silo; what was done to the file is noticed.</summary>
public sealed class ExportTests : IAsyncLifetime
{
    private readonly TalkingSilo _talking = new();

    private Agentctl Ctl => _talking.Agentctl;

    public ValueTask InitializeAsync() => _talking.InitializeAsync();

    public ValueTask DisposeAsync() => _talking.DisposeAsync();

    [Fact]
    public async Task ExportedRun_IsViewedElsewhereAndEveryChangeIsNoticed()
    {
        var stop = TestContext.Current.CancellationToken;
        using var run = JsonDocument.Parse(await Ctl.OkAsync("run", "start", "talker", "--input", "what is \u00e9t\u00e9?", "-o", "json"));
        var name = run.RootElement.GetProperty("name").GetString()!;
        for (var word = 0; word < 20; word++) _talking.Model.Ask();
        await Ctl.OkAsync("run", "watch", name);
        var file = _talking.At("run.jsonl");
        await Ctl.OkAsync("run", "export", name, "--to", file);
        (await Ctl.RunAsync("run", "export", name, "--to", file)).FailsWith(2, "is there already");

        using var elsewhere = new Agentctl(_talking.At("nothing-here"));
        using var seen = JsonDocument.Parse(await elsewhere.OkAsync("run", "view", file, "-o", "json"));
        Assert.True(seen.RootElement.GetProperty("terminal").GetBoolean());
        Assert.Contains("run.completed", await elsewhere.OkAsync("run", "view", file), StringComparison.Ordinal);

        var lines = await File.ReadAllLinesAsync(file, stop);
        Assert.Equal(lines.Length - 2, seen.RootElement.GetProperty("records").GetInt32());
        using var first = JsonDocument.Parse(lines[0]);
        Assert.Equal("Answer.", first.RootElement.GetProperty("agent").GetProperty("definition").GetProperty("instructions").GetString());

        await RefusedAsync(elsewhere, "payload", lines.Select(line => line.Replace("what is", "what was", StringComparison.Ordinal)));
        await RefusedAsync(elsewhere, "type", lines.Select(line => line.Replace("\"model.replied\"", "\"run.completed\"", StringComparison.Ordinal)));
        await RefusedAsync(elsewhere, "cut off", lines.SkipLast(1));
        await RefusedAsync(elsewhere, "missing", lines.Where((_, at) => at != 2));
        await RefusedAsync(elsewhere, "were exported", lines.Where((_, at) => at != lines.Length - 2));
        await RefusedAsync(elsewhere, "another run", lines.Select((line, at) => at == 0 ? line.Replace("/runs/", "/runs/x", StringComparison.Ordinal) : line));
        await RefusedAsync(elsewhere, "form", ["hello"]);
    }

    private async Task RefusedAsync(Agentctl elsewhere, string named, IEnumerable<string> lines)
    {
        var file = _talking.At("changed.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        (await elsewhere.RunAsync("run", "view", file, "-o", "json")).FailsWith(8, named);
    }
}

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

        var head = seen.RootElement.GetProperty("headHash").GetString()!;
        Assert.Contains(head, await Ctl.OkAsync("run", "watch", name, "-o", "json"), StringComparison.Ordinal);
        await elsewhere.OkAsync("run", "view", file, "--head-hash", head);
        (await elsewhere.RunAsync("run", "view", file, "--head-hash", new string('0', 64), "-o", "json")).FailsWith(8, "--head-hash");

        await RefusedAsync(elsewhere, "payload", Replace("what is", "what was"));
        await RefusedAsync(elsewhere, "beside the header", Replace("\"model.replied\"", "\"run.completed\""));
        await RefusedAsync(elsewhere, "beside the header", Replace("\"time\":\"2", "\"time\":\"1"));
        await RefusedAsync(elsewhere, "beside the header", Replace("\"seq\":1,", "\"seq\":7,"));
        await RefusedAsync(elsewhere, "form", Replace("\"seq\":1,", "\"seq\":\"1\","));
        await RefusedAsync(elsewhere, "form", Replace("\"seq\":1,", ""));
        await RefusedAsync(elsewhere, "'payload'", Replace("\"seq\":1,", "\"payload\":{},\"seq\":1,"));
        await RefusedAsync(elsewhere, "'approved'", Replace("\"seq\":1,", "\"approved\":true,\"seq\":1,"));
        await RefusedAsync(elsewhere, "'seq'", Replace("\"export\":1,", "\"export\":1,\"seq\":0,"));
        await RefusedAsync(elsewhere, "cut off", lines.SkipLast(1));
        await RefusedAsync(elsewhere, "chain breaks", lines.Where((_, at) => at != 2));
        await RefusedAsync(elsewhere, "were exported", lines.Where((_, at) => at != lines.Length - 2));
        await RefusedAsync(elsewhere, "another run", lines.Select((line, at) => at == 0 ? line.Replace("/runs/", "/runs/x", StringComparison.Ordinal) : line));
        await RefusedAsync(elsewhere, "how it ends", Replace("\"terminal\":true", "\"terminal\":false"));
        await RefusedAsync(elsewhere, "form", ["hello"]);

        IEnumerable<string> Replace(string what, string by) => lines.Select(line => line.Replace(what, by, StringComparison.Ordinal));
    }

    private async Task RefusedAsync(Agentctl elsewhere, string named, IEnumerable<string> lines)
    {
        var file = _talking.At("changed.jsonl");
        await File.WriteAllLinesAsync(file, lines);
        (await elsewhere.RunAsync("run", "view", file, "-o", "json")).FailsWith(8, named);
    }
}

using System.Text.Json;
using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>A conversation of three turns with a streaming model, while the silo is killed in the middle of an answer.</summary>
public sealed class ConversationTests : IAsyncLifetime
{
    private const string Agent = """
        kind: Agent
        name: talker
        instructions: Answer.
        model: talker
        riskScope: read
        """;

    private readonly ScratchFolder _folder = new();
    private readonly ScratchFolder _work = new();
    private TalkingEndpoint _model = null!;
    private SiloProcess _silo = null!;
    private Agentctl _agentctl = null!;

    public async ValueTask InitializeAsync()
    {
        _model = await TalkingEndpoint.StartAsync();
        _agentctl = new Agentctl(_folder.Path);
        _silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_folder.Path) with
        {
            Environment = new Dictionary<string, string> { ["Models__OpenAI__talker__Endpoint"] = $"{_model.Address}/v1", ["Models__OpenAI__talker__Model"] = "talker" },
        });
        Directory.CreateDirectory(_work.Path);
        await File.WriteAllTextAsync(_work.At("agent.yaml"), Agent);
        await _agentctl.OkAsync("tenant", "create", "demo", "--as", "olga", "--role", "platform-operator");
        await _agentctl.OkAsync("agent", "apply", "--file", _work.At("agent.yaml"), "--as", "anna", "--role", "developer");
        await _agentctl.OkAsync("session", "create", "talk", "talker");
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _model.DisposeAsync();
        _agentctl.Dispose();
        _folder.Dispose();
        _work.Dispose();
    }

    [Fact]
    public async Task ThreeTurns_WithTheSiloKilledInTheMiddle_AreWholeAndTheLostPiecesVoid()
    {
        var first = await TurnAsync("one");
        Assert.True(Deltas(first, attempt: 1).Count >= 5, $"{Deltas(first, 1).Count} pieces");
        var second = await TurnAsync("two, hold", _model.Holding);
        var third = await TurnAsync("three");
        Assert.True(Deltas(third, attempt: 1).Count >= 5, $"{Deltas(third, 1).Count} pieces");

        Assert.True(Deltas(second, attempt: 1).Count >= 5, $"{Deltas(second, 1).Count} pieces of the lost attempt");
        var voided = Assert.Single(second, line => line.TryGetProperty("deltasVoided", out _)).GetProperty("deltasVoided");
        Assert.Equal((1, 1), (voided.GetProperty("step").GetInt32(), voided.GetProperty("attempt").GetInt32()));
        Assert.Contains("attempt.lost", second.Select(Type));
        Assert.Equal(TalkingEndpoint.AnswerTo("two, hold"), second.Single(line => Type(line) == "model.replied").GetProperty("payload").GetProperty("text").GetString());

        var transcript = await _agentctl.OkAsync("session", "transcript", "talk", "-o", "json");
        var said = transcript.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)
            .SelectMany(turn => turn.GetProperty("messages").EnumerateArray()).Select(message => message.GetProperty("text").GetString());
        string[] turns = ["one", "two, hold", "three"];
        Assert.Equal(turns.SelectMany(turn => new[] { turn, TalkingEndpoint.AnswerTo(turn) }), said);
        Assert.Equal(["one", TalkingEndpoint.AnswerTo("one"), "two, hold", TalkingEndpoint.AnswerTo("two, hold"), "three"], _model.Asked[^1]);
        // One call each, and one more for the answer that was lost.
        Assert.Equal(4, _model.Asked.Count);
    }

    /// <summary>Takes a turn and watches it to its end; kills the silo once <paramref name="killAt"/> is there and its pieces were heard, and starts it again.</summary>
    private async Task<IReadOnlyList<JsonElement>> TurnAsync(string input, Task? killAt = null)
    {
        var run = Parse(await _agentctl.OkAsync("run", "start", "talker", "--session", "talk", "--input", input, "-o", "json"));
        var lines = new List<JsonElement>();
        await foreach (var line in _agentctl.LinesAsync("run", "watch", run.GetProperty("name").GetString()!, "--deltas", "-o", "json"))
        {
            lines.Add(Parse(line));
            // The next word is said only once the one before was heard.
            if (Type(lines[^1]) is null or "run.started" or "attempt.lost") _model.Ask();
            if (killAt is null || !killAt.IsCompleted || Deltas(lines, attempt: 1).Count < 5) continue;
            killAt = null;
            await _silo.KillAsync();
            _silo = await SiloProcess.StartAsync(_silo.Options);
        }

        return lines;
    }

    private static List<JsonElement> Deltas(IEnumerable<JsonElement> lines, int attempt) =>
        [.. lines.TakeWhile(line => Type(line) != "model.replied").Where(line => line.TryGetProperty("delta", out var delta) && delta.GetProperty("attempt").GetInt32() == attempt)];

    private static string? Type(JsonElement line) => line.TryGetProperty("type", out var type) ? type.GetString() : null;

    private static JsonElement Parse(string json) => JsonElement.Parse(System.Text.Encoding.UTF8.GetBytes(json));
}

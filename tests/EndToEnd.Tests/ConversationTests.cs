using System.Text.Json;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>A conversation of three turns with a streaming model, while the silo is killed in the middle of an answer.</summary>
public sealed class ConversationTests : IAsyncLifetime
{
    private readonly TalkingSilo _talking = new();

    public ValueTask InitializeAsync() => _talking.InitializeAsync();

    public ValueTask DisposeAsync() => _talking.DisposeAsync();

    [Fact]
    public async Task ThreeTurns_WithTheSiloKilledInTheMiddle_AreWholeAndTheLostPiecesVoid()
    {
        await _talking.Agentctl.OkAsync("session", "create", "talk", "talker");
        var first = await TurnAsync("one");
        Assert.True(Deltas(first, attempt: 1).Count >= 5, $"{Deltas(first, 1).Count} pieces");
        var second = await TurnAsync("two, hold", _talking.Model.Holding);
        var third = await TurnAsync("three");
        Assert.True(Deltas(third, attempt: 1).Count >= 5, $"{Deltas(third, 1).Count} pieces");

        Assert.True(Deltas(second, attempt: 1).Count >= 5, $"{Deltas(second, 1).Count} pieces of the lost attempt");
        var voided = Assert.Single(second, line => line.TryGetProperty("deltasVoided", out _)).GetProperty("deltasVoided");
        Assert.Equal((1, 1), (voided.GetProperty("step").GetInt32(), voided.GetProperty("attempt").GetInt32()));
        Assert.Contains("attempt.lost", second.Select(Type));
        Assert.Equal(TalkingEndpoint.AnswerTo("two, hold"), second.Single(line => Type(line) == "model.replied").GetProperty("payload").GetProperty("text").GetString());

        var transcript = await _talking.Agentctl.OkAsync("session", "transcript", "talk", "-o", "json");
        var said = transcript.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)
            .SelectMany(turn => turn.GetProperty("messages").EnumerateArray()).Select(message => message.GetProperty("text").GetString());
        string[] turns = ["one", "two, hold", "three"];
        Assert.Equal(turns.SelectMany(turn => new[] { turn, TalkingEndpoint.AnswerTo(turn) }), said);
        Assert.Equal(["one", TalkingEndpoint.AnswerTo("one"), "two, hold", TalkingEndpoint.AnswerTo("two, hold"), "three"], _talking.Model.Asked[^1]);
        // One call each, and one more for the answer that was lost.
        Assert.Equal(4, _talking.Model.Asked.Count);
    }

    /// <summary>Takes a turn and watches it to its end; kills the silo once <paramref name="killAt"/> is there and its pieces were heard, and starts it again.</summary>
    private async Task<IReadOnlyList<JsonElement>> TurnAsync(string input, Task? killAt = null)
    {
        var run = Parse(await _talking.Agentctl.OkAsync("run", "start", "talker", "--session", "talk", "--input", input, "-o", "json"));
        var lines = new List<JsonElement>();
        await foreach (var line in _talking.Agentctl.LinesAsync("run", "watch", run.GetProperty("name").GetString()!, "--deltas", "-o", "json"))
        {
            lines.Add(Parse(line));
            // The next word is said only once the one before was heard.
            if (Type(lines[^1]) is null or "run.started" or "attempt.lost") _talking.Model.Ask();
            if (killAt is null || !killAt.IsCompleted || Deltas(lines, attempt: 1).Count < 5) continue;
            killAt = null;
            await _talking.KillAndRestartAsync();
        }

        return lines;
    }

    private static List<JsonElement> Deltas(IEnumerable<JsonElement> lines, int attempt) =>
        [.. lines.TakeWhile(line => Type(line) != "model.replied").Where(line => line.TryGetProperty("delta", out var delta) && delta.GetProperty("attempt").GetInt32() == attempt)];

    private static string? Type(JsonElement line) => line.TryGetProperty("type", out var type) ? type.GetString() : null;

    private static JsonElement Parse(string json) => JsonElement.Parse(System.Text.Encoding.UTF8.GetBytes(json));
}

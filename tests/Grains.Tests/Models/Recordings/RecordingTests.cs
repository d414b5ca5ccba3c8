using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Models;
using AgentRuntime.Models.Recordings;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Grains.Tests.Models.Recordings;

public sealed class RecordingTests : IDisposable
{
    private const string Model = "assistant";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentrt-recording");

    private string File => Path.Combine(_folder.FullName, "run.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Replay_OfTextCallsUsageAndReason_GivesTheSamePieces()
    {
        var call = new FunctionCallContent("c1", "look", new Dictionary<string, object?> { ["n"] = JsonElement.Parse("[1, 2.50]"), ["é"] = null });
        object[] answer =
        [
            "It is ", "\u2028there", call, new ChatResponseUpdate { FinishReason = ChatFinishReason.ToolCalls },
            new UsageContent(new UsageDetails { InputTokenCount = 5, OutputTokenCount = 2 }),
        ];
        await RecordAsync([answer], "Where?");
        var (reply, pieces) = await AskAsync(Replay(), "Where?");
        Assert.Equal(["It is ", "\u2028there"], pieces);
        Assert.Equal((5, 2), (reply.InputTokens, reply.OutputTokens));
        Assert.Equal(ChatFinishReason.ToolCalls, reply.FinishReason);
        var replayed = Assert.Single(reply.Calls);
        Assert.Equal(("c1", "look", "[1,2.50]"), (replayed.CallId, replayed.Name, replayed.Arguments!["n"]!.ToString()));
        Assert.True(replayed.Arguments.ContainsKey("é"));
    }

    [Fact]
    public async Task Replay_OfArgumentsThatWereNoJson_SaysSoAgain()
    {
        await RecordAsync([[new FunctionCallContent("c1", "look") { Exception = new JsonException("cut off") }]], "Where?");
        Assert.Equal("cut off", Assert.Single((await AskAsync(Replay(), "Where?")).Reply.Calls).Exception!.Message);
    }

    [Fact]
    public async Task Replay_OfAFailure_FailsTheSameWayAfterTheSamePieces()
    {
        var failure = new AgentRuntimeException(ErrorCode.Unavailable, "model live: busy.", isTransient: true) { RetryAfter = TimeSpan.FromSeconds(3) };
        await RecordAsync([["It ", failure], ["It is there."]], "Where?", "Where?");
        using var replay = Replay();
        var heard = new List<string>();
        var again = await Assert.ThrowsAsync<AgentRuntimeException>(() => ReadAsync(replay, heard, "Where?"));
        Assert.Equal((ErrorCode.Unavailable, "model live: busy.", true, TimeSpan.FromSeconds(3)), (again.Code, again.Message, again.IsTransient, again.RetryAfter));
        Assert.Equal(["It "], heard);
        Assert.Equal("It is there.", (await AskAsync(replay, "Where?")).Reply.Text);
    }

    [Fact]
    public async Task Record_OfAForeignException_WritesItsKindOnly()
    {
        await RecordAsync([[new HttpRequestException("the prompt was: secret")]], "Where?");
        var again = await Assert.ThrowsAsync<AgentRuntimeException>(() => AskAsync(Replay(), "Where?"));
        Assert.Equal($"model {Model}: failed with HttpRequestException.", again.Message);
        Assert.DoesNotContain("secret", await ReadFileAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_OfEqualRequests_AnswersInTheirOrderAgainAndAgain()
    {
        await RecordAsync([["one"], ["two"]], "Again?", "Again?");
        using var replay = Replay();
        var texts = new List<string?>();
        for (var i = 0; i < 4; i++) texts.Add((await AskAsync(replay, "Again?")).Reply.Text);
        Assert.Equal(["one", "two", "one", "two"], texts);
    }

    [Fact]
    public async Task Replay_OfAnotherMessage_NamesFilePlaceAndQuotesNothing()
    {
        await RecordAsync([["one"]], "Where is the red key?");
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => AskAsync(Replay(), "Where is the blue key?"));
        Assert.False(failure.IsTransient);
        Assert.Contains("run.jsonl", failure.Message, StringComparison.Ordinal);
        Assert.Contains("exchange 1 of 1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("message 2 (user", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("key", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_OfOtherToolsOrOptions_SaysWhich()
    {
        await RecordAsync([["one"]], "Where?");
        using var replay = Replay();
        var tools = await Assert.ThrowsAsync<AgentRuntimeException>(() => AskAsync(replay, "Where?", new ChatOptions { Tools = [Tool("put")] }));
        Assert.Contains("not the tools", tools.Message, StringComparison.Ordinal);
        var options = await Assert.ThrowsAsync<AgentRuntimeException>(() => AskAsync(replay, "Where?", new ChatOptions { Tools = [Tool("look")], Temperature = 0.5f }));
        Assert.Contains("temperature", options.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_IntoAFileThatACrashCutOff_GoesOnAfterItsLastWholeLine()
    {
        await RecordAsync([["one"]], "First?");
        await System.IO.File.AppendAllTextAsync(File, """{"exchange":{"mess""", TestContext.Current.CancellationToken);
        await RecordAsync([["two"]], "Second?");
        using var replay = Replay();
        Assert.Equal("one", (await AskAsync(replay, "First?")).Reply.Text);
        Assert.Equal("two", (await AskAsync(replay, "Second?")).Reply.Text);
    }

    [Fact]
    public async Task Record_OfAGrowingConversation_WritesEachMessageOnce()
    {
        var text = new string('x', 1_000);
        await RecordAsync([["one"], ["two"], ["three"]], text, text + "2", text + "3");
        var lines = (await ReadFileAsync()).Split('\n');
        Assert.Single(lines, line => line.Contains("Be kind.", StringComparison.Ordinal));
        Assert.Single(lines, line => line.Contains("parameters", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Record_IntoAFullFile_FailsAndNamesIt()
    {
        var full = await Assert.ThrowsAsync<AgentRuntimeException>(() => RecordAsync([["one"]], 1_024, new string('x', 2_000)));
        Assert.Equal(ErrorCode.LimitExceeded, full.Code);
        Assert.Contains(File, full.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_IntoAFileThatIsInUse_IsRefused()
    {
        using var other = RecordingFile.Open(File, 10_000);
        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(() => RecordAsync([["one"]], "Where?"));
        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_WhenTheCallerHasHeardEnough_WritesWhatItHeard()
    {
        await RecordAsync([["one two three", "four"]], maxBytes: 10_000, maxChars: 5, "Where?");
        Assert.Equal("one two three", (await AskAsync(Replay(), "Where?")).Reply.Text);
    }

    [Fact]
    public async Task Record_OfACancelledCall_WritesNothing()
    {
        using var stop = new CancellationTokenSource();
        using (var record = new RecordChatClient(Model, new PlayedModel(["one", "two"]), RecordingFile.Open(File, 10_000)))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => StreamedReply.ReadAsync(
                record.GetStreamingResponseAsync(Messages("Where?"), null, stop.Token), 100, _ => stop.Cancel(), stop.Token));
        }

        Assert.DoesNotContain("exchange", await ReadFileAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"recording":2}""")]
    [InlineData("""{"recording":1}~{"exchange":{"messages":["gone"],"tools":"gone","options":{},"updates":[]}}""")]
    [InlineData("""{"recording":1}~{"surprise":1}""")]
    public async Task AddReplayModel_OfADamagedFile_NamesFileAndLine(string lines)
    {
        await System.IO.File.WriteAllTextAsync(File, lines.Replace('~', '\n') + "\n", TestContext.Current.CancellationToken);
        var refused = Assert.Throws<InvalidInputException>(() => new ServiceCollection().AddReplayModel(Model, File));
        Assert.StartsWith($"{File}:{lines.Count(letter => letter == '~') + 1}", refused.Message, StringComparison.Ordinal);
        var kept = await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);
        Assert.Throws<InvalidInputException>(() => RecordingFile.Open(File, 10_000));
        Assert.Equal(kept, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void AddReplayModel_OfAMissingFile_NamesIt() =>
        Assert.Contains(File, Assert.Throws<InvalidInputException>(() => new ServiceCollection().AddReplayModel(Model, File)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Record_ByName_IsReadableByItsOwnerOnly()
    {
        await using var services = new ServiceCollection().AddModel("live", _ => new PlayedModel(["one"])).AddRecordedModel(Model, "live", File).BuildServiceProvider();
        Assert.Equal("one", (await AskAsync(services.GetRequiredService<ModelRegistry>().Get(Model), "Where?")).Reply.Text);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    private ReplayChatClient Replay()
    {
        using var file = System.IO.File.OpenRead(File);
        return new ReplayChatClient(Model, "run.jsonl", Recording.Read(File, file));
    }

    private Task RecordAsync(object[][] answers, params string[] inputs) => RecordAsync(answers, 1_000_000, inputs);

    private Task RecordAsync(object[][] answers, long maxBytes, params string[] inputs) => RecordAsync(answers, maxBytes, 1_000, inputs);

    private async Task RecordAsync(object[][] answers, long maxBytes, int maxChars, params string[] inputs)
    {
        using var record = new RecordChatClient(Model, new PlayedModel(answers), RecordingFile.Open(File, maxBytes));
        foreach (var input in inputs)
        {
            var updates = record.GetStreamingResponseAsync(Messages(input), new ChatOptions { Tools = [Tool("look")] }, CancellationToken.None);
            var call = StreamedReply.ReadAsync(updates, maxChars, null, CancellationToken.None);
            // What a model throws is part of the recording; what the recorder throws is not.
            if (await Record.ExceptionAsync(() => call) is AgentRuntimeException { Code: ErrorCode.LimitExceeded or ErrorCode.FailedPrecondition } refused) throw refused;
        }
    }

    private Task<string> ReadFileAsync() => System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);

    private static async Task<(StreamedReply Reply, List<string> Pieces)> AskAsync(IChatClient model, string input, ChatOptions? options = null)
    {
        var pieces = new List<string>();
        return (await ReadAsync(model, pieces, input, options), pieces);
    }

    private static Task<StreamedReply> ReadAsync(IChatClient model, List<string> pieces, string input, ChatOptions? options = null) => StreamedReply.ReadAsync(
        model.GetStreamingResponseAsync(Messages(input), options ?? new ChatOptions { Tools = [Tool("look")] }, CancellationToken.None),
        1_000_000,
        pieces.Add,
        CancellationToken.None);

    private static ChatMessage[] Messages(string input) => [new(ChatRole.System, "Be kind."), new(ChatRole.User, input)];

    private static AIFunctionDeclaration Tool(string name) => AIFunctionFactory.CreateDeclaration(name, "Does it.", JsonElement.Parse("""{"type":"object"}"""));
}

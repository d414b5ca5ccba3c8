extern alias client;

using AgentRuntime.Common;
using static AgentRuntime.Silo.Tests.FrontDoor.Api.FrontDoorHost;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

public sealed class DeltaTests(FrontDoorHost host)
{
    private static int _ids;

    private readonly client::AgentRuntime.Client.AgentRuntimeClient _client = host.Client("anna", Roles.Developer);

    [Fact]
    public async Task Watch_WithDeltas_GivesEachPieceBeforeTheRecord()
    {
        var input = $"recite {Interlocked.Increment(ref _ids)}";
        var run = await StartAsync(input);
        AskingModel.Ask(input);
        var pieces = new List<Wire.Delta>();
        Wire.RunRecord? reply = null;
        await foreach (var said in _client.WatchRunWithDeltasAsync(run.Name, cancellationToken: Patience))
        {
            if (said.Record is { Type: "model.replied" } record) reply = record;
            if (said.Delta is not { } piece) continue;
            Assert.Null(reply);
            pieces.Add(piece);
            // The next piece is said only once this one was heard.
            AskingModel.Ask(input);
        }

        Assert.NotNull(reply);
        Assert.Equal(AskingModel.Pieces.Take(pieces.Count), pieces.Select(piece => piece.Text));
        Assert.InRange(pieces.Count, AskingModel.Pieces.Count - 1, AskingModel.Pieces.Count);
        Assert.All(pieces, piece => Assert.Equal((1, 1), (piece.Step, piece.Attempt)));
        Assert.Equal(Offsets(AskingModel.Pieces).Take(pieces.Count), pieces.Select(piece => piece.Offset));
    }

    [Fact]
    public async Task Watch_ThatJoinsLate_HearsTheReplyFromItsBeginning()
    {
        var input = $"recite {Interlocked.Increment(ref _ids)}";
        var run = await StartAsync(input);
        AskingModel.Ask(input);
        var heard = new List<string>();
        await using var first = _client.WatchRunWithDeltasAsync(run.Name, cancellationToken: Patience).GetAsyncEnumerator(Patience);
        await NextPieceAsync(first);
        AskingModel.Ask(input);
        await NextPieceAsync(first);

        await foreach (var said in _client.WatchRunWithDeltasAsync(run.Name, afterSeq: 0, cancellationToken: Patience))
        {
            if (said.Delta is not { } piece) continue;
            if (heard.Count == 0) Assert.Equal((0, "Two roads "), (piece.Offset, piece.Text));
            heard.Add(piece.Text);
            AskingModel.Ask(input);
        }

        AssertHeard(heard);
    }

    [Fact]
    public async Task AttemptThatFails_MakesItsPiecesVoid()
    {
        var input = $"stumble {Interlocked.Increment(ref _ids)}";
        var run = await StartAsync(input);
        AskingModel.Ask(input);
        var said = new List<Wire.WatchRunResponse>();
        await foreach (var response in _client.WatchRunWithDeltasAsync(run.Name, cancellationToken: Patience))
        {
            said.Add(response);
            if (response.Delta is not null || response.DeltasVoided is not null) AskingModel.Ask(input);
        }

        var voided = Assert.Single(said, response => response.DeltasVoided is not null).DeltasVoided;
        Assert.Equal((1, 1), (voided.Step, voided.Attempt));
        Assert.Equal("attempt.failed", said.Single(response => response.Record?.Seq == voided.Seq).Record.Type);
        var after = said.SkipWhile(response => response.DeltasVoided is null).Select(response => response.Delta).OfType<Wire.Delta>().ToList();
        Assert.All(after, piece => Assert.Equal(2, piece.Attempt));
        AssertHeard(after.Select(piece => piece.Text));
    }

    // The record may overtake the last piece, which is void then.
    private static void AssertHeard(IEnumerable<string> heard)
    {
        var text = string.Concat(heard);
        Assert.StartsWith(text, string.Concat(AskingModel.Pieces), StringComparison.Ordinal);
        Assert.StartsWith(string.Concat(AskingModel.Pieces.SkipLast(1)), text, StringComparison.Ordinal);
    }

    private static IEnumerable<int> Offsets(IReadOnlyList<string> pieces) => pieces.Select((_, i) => pieces.Take(i).Sum(piece => piece.Length));

    private static async Task NextPieceAsync(IAsyncEnumerator<Wire.WatchRunResponse> watch)
    {
        do Assert.True(await watch.MoveNextAsync());
        while (watch.Current.Delta is null);
    }

    private async Task<Wire.Run> StartAsync(string input) => await _client.Runs.StartRunAsync(
        new Wire.StartRunRequest { Parent = "tenants/acme", Agent = "tenants/acme/agents/payer", Input = input, RequestId = $"delta-{input.Replace(' ', '-')}" },
        cancellationToken: Patience);
}

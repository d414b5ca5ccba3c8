extern alias client;

using AgentRuntime.Common;
using Grpc.Core;
using static AgentRuntime.Silo.Tests.FrontDoor.Api.FrontDoorHost;
using Wire = client::AgentRuntime.V1;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

public sealed class SessionsApiTests(FrontDoorHost host)
{
    private static int _ids;

    private readonly client::AgentRuntime.Client.AgentRuntimeClient _client = host.Client("anna", Roles.Developer);

    [Fact]
    public async Task Transcript_PagesBackThroughTheTurns()
    {
        var session = await CreateAsync();
        for (var turn = 1; turn <= 5; turn++) await TalkAsync(session, $"hello {turn}");

        var pages = new List<Wire.Transcript>();
        var request = new Wire.GetTranscriptRequest { Name = session.Name, PageSize = 2 };
        do
        {
            pages.Add(await _client.Sessions.GetTranscriptAsync(request, cancellationToken: Patience));
            request.PageToken = pages[^1].NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal([2, 2, 1], pages.Select(page => page.Turns.Count));
        pages.Reverse();
        var said = pages.SelectMany(page => page.Turns).SelectMany(turn => turn.Messages).ToList();
        Assert.Equal(Enumerable.Range(1, 5).SelectMany(turn => new[] { $"hello {turn}", $"you said hello {turn}" }), said.Select(message => message.Text));
        Assert.Equal([Wire.Speaker.User, Wire.Speaker.Agent], said.Take(2).Select(message => message.Speaker));
        Assert.Equal(5, (await _client.Sessions.GetSessionAsync(new Wire.GetSessionRequest { Name = session.Name }, cancellationToken: Patience)).RunCount);
    }

    [Fact]
    public async Task ListSessions_Pages_GiveEachSessionOfTheTenantOnce()
    {
        var made = new List<string>();
        for (var i = 0; i < 5; i++) made.Add((await CreateAsync()).Name);
        var listed = new List<string>();
        var request = new Wire.ListSessionsRequest { Parent = "tenants/acme", PageSize = 2 };
        do
        {
            var page = await _client.Sessions.ListSessionsAsync(request, cancellationToken: Patience);
            listed.AddRange(page.Sessions.Select(session => session.Name));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);

        Assert.Equal(made.Order(StringComparer.Ordinal), listed.Where(made.Contains));
        Assert.Equal(listed.Distinct(), listed);
        var others = await host.Client("other", "otto", [Roles.Developer]).Sessions
            .ListSessionsAsync(new Wire.ListSessionsRequest { Parent = "tenants/other" }, cancellationToken: Patience);
        Assert.Empty(others.Sessions);
    }

    [Fact]
    public async Task BadInput_NamesTheField()
    {
        var session = await CreateAsync();
        await RpcAssert.RefusesAsync("session_id", () => CreateAsync(request => request.SessionId = "A/b"));
        await RpcAssert.RefusesAsync("session.agent", () => CreateAsync(request => request.Session.Agent = "payer"));
        await RpcAssert.RefusesAsync("session", () => CreateAsync(request => request.Session = null));
        await RpcAssert.RefusesAsync("session", () => StartAsync("payer-talk", "hello"));
        await RpcAssert.RefusesAsync("session", () => StartAsync("tenants/other/sessions/x", "hello"));
        await RpcAssert.FailsAsync(StatusCode.NotFound, () => StartAsync("tenants/acme/sessions/missing", "hello"));
        await RpcAssert.RefusesAsync("page_size", () => TranscriptAsync(_client, session.Name, 51));
        var stranger = host.Client("other", "otto", [Roles.Developer]);
        await RpcAssert.FailsAsync(StatusCode.NotFound, () => TranscriptAsync(stranger, session.Name.Replace("acme", "other", StringComparison.Ordinal), 1));
    }

    private static async Task<Wire.Transcript> TranscriptAsync(client::AgentRuntime.Client.AgentRuntimeClient caller, string name, int size) =>
        await caller.Sessions.GetTranscriptAsync(new Wire.GetTranscriptRequest { Name = name, PageSize = size }, cancellationToken: Patience);

    private async Task<Wire.Session> CreateAsync(Action<Wire.CreateSessionRequest>? change = null)
    {
        var request = new Wire.CreateSessionRequest
        {
            Parent = "tenants/acme",
            SessionId = $"talk-{Interlocked.Increment(ref _ids)}",
            Session = new Wire.Session { Agent = "tenants/acme/agents/payer" },
        };
        change?.Invoke(request);
        return await _client.Sessions.CreateSessionAsync(request, cancellationToken: Patience);
    }

    private async Task TalkAsync(Wire.Session session, string input)
    {
        var run = await StartAsync(session.Name, input);
        await foreach (var _ in _client.WatchRunAsync(run.Name, cancellationToken: Patience))
        {
        }
    }

    private async Task<Wire.Run> StartAsync(string session, string input) => await _client.Runs.StartRunAsync(
        new Wire.StartRunRequest
        {
            Parent = "tenants/acme",
            Agent = "tenants/acme/agents/payer",
            Session = session,
            Input = input,
            RequestId = $"turn-{Interlocked.Increment(ref _ids)}",
        },
        cancellationToken: Patience);
}

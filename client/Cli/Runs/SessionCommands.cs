using System.CommandLine;
using System.Globalization;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.V1;

namespace AgentRuntime.Cli.Runs;

/// <summary>The verbs of <c>session</c>.</summary>
internal static class SessionCommands
{
    private const int ShownChars = 4_000;
    private const int TurnsPerPage = 50;

    private static readonly Argument<string> Session = new("SESSION") { Description = "Its id or whole name" };

    public static Command Create() => Verb.Noun(
        "session",
        "Conversations: runs one after the other. Take the next turn with 'run start AGENT --session SESSION'.",
        CreateOne(),
        Verb.Of("get", "A session as it is now.", async (on, parsed, cancellation) =>
            Show(on, await on.Client.Sessions.GetSessionAsync(new GetSessionRequest { Name = NameOf(on, parsed) }, cancellationToken: cancellation)), Session),
        List(),
        Transcript());

    private static Command CreateOne()
    {
        var agent = new Argument<string>("AGENT") { Description = "The agent's id or whole name" };
        var version = new Option<int>("--agent-version") { Description = "The version for all its runs; 0 is the newest at each run's start" };
        return Verb.Of(
            "create",
            "Make a session. Again with the same agent changes nothing.",
            async (on, parsed, cancellation) => Show(on, await on.Client.Sessions.CreateSessionAsync(
                new CreateSessionRequest
                {
                    Parent = on.Parent,
                    SessionId = Connection.IdOf(parsed.GetRequiredValue(Session)),
                    Session = new V1.Session { Agent = on.Name("agents", parsed.GetRequiredValue(agent)), AgentVersion = parsed.GetValue(version) },
                },
                cancellationToken: cancellation)),
            Session, agent, version);
    }

    private static Command List()
    {
        var limit = Paging.Limit();
        return Verb.Of(
            "list",
            "The sessions of the tenant, by id.",
            async (on, parsed, cancellation) =>
            {
                var sessions = await Paging.ReadAsync<V1.Session>(parsed.GetValue(limit), async (size, token) =>
                {
                    var request = new ListSessionsRequest { Parent = on.Parent, PageSize = size, PageToken = token };
                    var page = await on.Client.Sessions.ListSessionsAsync(request, cancellationToken: cancellation);
                    return (page.Sessions, page.NextPageToken);
                });
                on.Print.List(
                    sessions,
                    "No sessions.",
                    ("SESSION", session => Connection.IdOf(session.Name)),
                    ("AGENT", session => Connection.IdOf(session.Agent)),
                    ("RUNS", session => session.RunCount.ToString(CultureInfo.InvariantCulture)),
                    ("NEWEST RUN", session => Connection.IdOf(session.NewestRun)),
                    ("CREATED", session => Words.Of(session.CreateTime)));
            },
            limit);
    }

    private static Command Transcript()
    {
        var limit = Paging.Limit();
        return Verb.Of(
            "transcript",
            "What was said in the newest runs, oldest first; --limit counts runs.",
            async (on, parsed, cancellation) =>
            {
                var runs = Paging.Require(parsed.GetValue(limit));
                var pages = new List<Turn>();
                var request = new GetTranscriptRequest { Name = NameOf(on, parsed) };
                do
                {
                    request.PageSize = Math.Min(TurnsPerPage, runs - pages.Count);
                    var page = await on.Client.Sessions.GetTranscriptAsync(request, cancellationToken: cancellation);
                    pages.InsertRange(0, page.Turns);
                    request.PageToken = page.NextPageToken;
                }
                while (request.PageToken.Length > 0 && pages.Count < runs);
                foreach (var turn in pages) on.Print.Line(turn, Lines(turn));
            },
            Session, limit);
    }

    private static string Lines(Turn turn) => string.Join('\n', turn.Messages
        .Select(message => $"{Words.Of(message.Speaker),-6} {(message.Erased ? "(erased)" : Safe.Text(message.Text, ShownChars))}")
        .Append($"       -- run {Connection.IdOf(turn.Run)}, {Words.Of(turn.State)}{(turn.Truncated ? ", more in 'run watch'" : "")}"));

    private static string NameOf(Connection on, ParseResult parsed) => on.Name("sessions", parsed.GetRequiredValue(Session));

    private static void Show(Connection on, V1.Session session) => on.Print.One(
        session,
        ("session", Connection.IdOf(session.Name)),
        ("agent", $"{Connection.IdOf(session.Agent)}{(session.AgentVersion == 0 ? "" : $" (version {session.AgentVersion})")}"),
        ("runs", session.RunCount.ToString(CultureInfo.InvariantCulture)),
        ("newest run", session.NewestRun.Length == 0 ? null : Connection.IdOf(session.NewestRun)),
        ("created", $"{Words.Of(session.CreateTime)} by {Words.Identity(session.Creator)}"));
}

using AgentRuntime.RedTeam.Targets;
using Google.Protobuf;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>
/// Asking for what another tenant has: the answer and the calls to storage must be those for what nobody has. The twin is the owner, who gets it.
/// </summary>
internal static class ExistenceAttacks
{
    private const string Theirs = "secret-of-other";
    private const string Nobodys = "secret-of-nobody";

    public static IEnumerable<Attack> Against(Target target)
    {
        yield return Try(target, "agent", "/agentruntime.v1.Agents/GetAgent", (tenant, id) => new V1.GetAgentRequest { Name = $"tenants/{tenant}/agents/{id}" }, MakeAgentAsync);
        yield return Try(target, "session", "/agentruntime.v1.Sessions/GetSession", (tenant, id) => new V1.GetSessionRequest { Name = $"tenants/{tenant}/sessions/{id}" }, MakeSessionAsync);
        yield return Try(target, "run", "/agentruntime.v1.Runs/GetRun", (tenant, id) => new V1.GetRunRequest { Name = $"tenants/{tenant}/runs/{id}" }, MakeRunAsync);
        yield return Try(target, "tool", "/agentruntime.v1.Tools/GetTool", (tenant, id) => new V1.GetToolRequest { Name = $"tenants/{tenant}/tools/{id}" }, MakeToolAsync);
    }

    private static Attack Try(Target target, string kind, string method, Func<string, string, IMessage> request, Func<Target, Task<string>> make)
    {
        var made = new Lazy<Task<string>>(() => make(target));
        return new Attack(
            $"existence/{kind}", "NOT_FOUND and the same calls",
            async () => await AskAsync(target, method, request("other", await made.Value), "other"),
            async () =>
            {
                var (theirs, callsForTheirs) = await WatchAsync(target, method, request, await made.Value);
                var (nobodys, callsForNobodys) = await WatchAsync(target, method, request, Unlike(await made.Value));
                if (!theirs.Says("NOT_FOUND") || theirs.Reason != nobodys.Reason) return Answer.Refused($"told apart: {theirs.Reason} {nobodys.Reason}");
                return Answer.Refused(callsForTheirs == callsForNobodys ? $"NOT_FOUND and the same calls: {callsForTheirs}" : $"other calls: {callsForTheirs} and {callsForNobodys}");
            });
    }

    private static async Task<(Answer Answer, string Calls)> WatchAsync(Target target, string method, Func<string, string, IMessage> request, string id)
    {
        var answer = Answer.Ok([]);
        var calls = await target.Storage.DuringAsync(id, async () => answer = await AskAsync(target, method, request("acme", id), "acme"));
        return (answer with { Reason = answer.Reason.Replace(id, "ID", StringComparison.Ordinal) }, calls);
    }

    /// <summary>An id of the same length that nobody has.</summary>
    private static string Unlike(string id) => id == Theirs ? Nobodys : string.Concat(id.Reverse());

    private static Task<Answer> AskAsync(Target target, string method, IMessage request, string tenant) =>
        target.Wire.CallAsync(Target.Authorised(new Shot(target.Grpc, method, request), target.Token(tenant, "developer")));

    private static async Task<string> MakeAgentAsync(Target target)
    {
        await RequireAsync(target, "/agentruntime.v1.Agents/ApplyAgent", new V1.ApplyAgentRequest
        {
            Parent = "tenants/other", Manifest = $"kind: Agent\nname: {Theirs}\ninstructions: Be.\nmodel: done\nriskScope: read\n",
        });
        return Theirs;
    }

    private static async Task<string> MakeSessionAsync(Target target)
    {
        await MakeAgentAsync(target);
        await RequireAsync(target, "/agentruntime.v1.Sessions/CreateSession", new V1.CreateSessionRequest
        {
            Parent = "tenants/other", SessionId = Theirs, Session = new V1.Session { Agent = $"tenants/other/agents/{Theirs}" },
        });
        return Theirs;
    }

    private static async Task<string> MakeRunAsync(Target target)
    {
        await MakeAgentAsync(target);
        var started = await RequireAsync(target, "/agentruntime.v1.Runs/StartRun", new V1.StartRunRequest
        {
            Parent = "tenants/other", Agent = $"tenants/other/agents/{Theirs}", Input = "go", RequestId = "run-of-other",
        });
        return V1.Run.Parser.ParseFrom(started).Name.Split('/')[^1];
    }

    private static async Task<string> MakeToolAsync(Target target)
    {
        await RequireAsync(target, "/agentruntime.v1.Tools/RegisterTool", new V1.RegisterToolRequest
        {
            Parent = "tenants/other",
            Manifest = $"kind: Tool\nname: {Theirs}\ndescription: Asks.\nrisk: read\neffect: read\ninput: {{ type: object, properties: {{}} }}\nfunction: ask\n",
        });
        return Theirs;
    }

    private static Task<byte[]> RequireAsync(Target target, string method, IMessage request) => target.RequireAsync(new Shot(target.Grpc, method, request), target.Token("other", "developer"));
}

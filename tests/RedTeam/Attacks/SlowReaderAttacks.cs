using AgentRuntime.Common;
using AgentRuntime.RedTeam.Targets;
using Google.Protobuf;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>
/// Readers of a run that has 10 MB to tell, who open all the streams that a tenant may have and read none of them. The twin reads one to its end. Whoever is refused says that all the others
/// were open; that they made the silo hold what they did not read, or could leave it unread for as long as they liked, counts as let in.
/// </summary>
internal static class SlowReaderAttacks
{
    /// <summary>The 160 MB of all streams are not to be there; some messages of each are.</summary>
    private const double MaxHeldMegabytes = 80;

    private const string BrokenOff = "the streams were broken off";
    private const int MinRunBytes = 9_000_000;
    private const string Runs = "/agentruntime.v1.Runs/";
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    public static IEnumerable<Attack> Against(Target target)
    {
        var run = new Lazy<Task<string>>(() => MakeRunAsync(target));
        yield return new Attack("stream/slow-watchers-of-a-long-run", BrokenOff, () => ReadAsync(target, Watch(run)), () => LeaveAsync(target, Watch(run)));
        yield return new Attack("stream/slow-exporters-of-a-long-run", BrokenOff, () => ReadAsync(target, Export(run)), () => LeaveAsync(target, Export(run)));
    }

    private static async Task<(string Method, IMessage Request)> Watch(Lazy<Task<string>> run) => ("WatchRun", new V1.WatchRunRequest { Name = await run.Value });

    private static async Task<(string Method, IMessage Request)> Export(Lazy<Task<string>> run) => ("ExportRun", new V1.ExportRunRequest { Name = await run.Value });

    private static async Task<Shot> ShotAsync(Target target, Task<(string Method, IMessage Request)> asked)
    {
        var (method, request) = await asked;
        return Target.Authorised(new Shot(target.Grpc, Runs + method, request), target.Token("acme", "developer"));
    }

    private static async Task<Answer> ReadAsync(Target target, Task<(string Method, IMessage Request)> asked)
    {
        var (open, answer) = await target.Wire.OpenAsync(await ShotAsync(target, asked), CancellationToken.None);
        if (open is null) return answer;
        using (open)
        {
            var read = (await open.Content.ReadAsByteArrayAsync()).Length;
            return read >= MinRunBytes ? Answer.Ok([]) : Answer.Refused($"the run has {read} bytes only");
        }
    }

    private static async Task<Answer> LeaveAsync(Target target, Task<(string Method, IMessage Request)> asked)
    {
        var shot = await ShotAsync(target, asked);
        var before = Memory.HeldMegabytes();
        var open = new List<HttpResponseMessage>();
        try
        {
            for (var i = 0; i < Target.MaxWatches; i++)
            {
                var (stream, answer) = await target.Wire.OpenAsync(shot, CancellationToken.None);
                if (stream is null) return Answer.Refused($"stream {i} did not come in: {answer.Reason}");
                open.Add(stream);
            }

            await Task.Delay(Wait);
            var held = Memory.HeldMegabytes() - before;
            var (_, refused) = await target.Wire.OpenAsync(shot, CancellationToken.None);
            if (refused.Reason.Length == 0) return refused;
            return held <= MaxHeldMegabytes ? await BrokenOffAsync(target, shot) : Answer.Refused($"the silo held {held} MB");
        }
        finally
        {
            open.ForEach(stream => stream.Dispose());
        }
    }

    private static async Task<Answer> BrokenOffAsync(Target target, Shot shot)
    {
        var from = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(from) < Patience)
        {
            var (stream, _) = await target.Wire.OpenAsync(shot, CancellationToken.None);
            stream?.Dispose();
            if (stream is not null) return Answer.Refused(BrokenOff);
            await Task.Delay(100);
        }

        return Answer.Refused("streams stayed open unread");
    }

    private static async Task<string> MakeRunAsync(Target target)
    {
        var developer = target.Token("acme", "developer");
        var reviewer = target.Acme.Token(target.Acme.Claims(TimeProvider.System.GetUtcNow(), "acme", "rita", Roles.ToolReviewer));
        var tool = V1.Tool.Parser.ParseFrom(await target.RequireAsync(new Shot(target.Grpc, "/agentruntime.v1.Tools/RegisterTool", new V1.RegisterToolRequest
        {
            Parent = "tenants/acme", Manifest = "kind: Tool\nname: dump\ndescription: Dumps.\nrisk: read\neffect: read\ninput: { type: object, properties: {} }\nfunction: dump\n",
        }), developer));
        await target.RequireAsync(new Shot(target.Grpc, "/agentruntime.v1.Tools/PublishTool", new V1.PublishToolRequest { Name = tool.Name, ContractHash = tool.ContractHash }), reviewer);
        await target.RequireAsync(new Shot(target.Grpc, "/agentruntime.v1.Agents/ApplyAgent", new V1.ApplyAgentRequest
        {
            Parent = "tenants/acme", Manifest = "kind: Agent\nname: dumper\ninstructions: Dump.\nmodel: dumping\nriskScope: read\ntools: [dump]\n",
        }), developer);
        var run = V1.Run.Parser.ParseFrom(await target.RequireAsync(new Shot(target.Grpc, $"{Runs}StartRun", new V1.StartRunRequest
        {
            Parent = "tenants/acme", Agent = "tenants/acme/agents/dumper", Input = "go", RequestId = "long-run",
        }), developer));

        // A watch ends with its run.
        await target.RequireAsync(new Shot(target.Grpc, $"{Runs}WatchRun", new V1.WatchRunRequest { Name = run.Name }), developer);
        var ended = V1.Run.Parser.ParseFrom(await target.RequireAsync(new Shot(target.Grpc, $"{Runs}GetRun", new V1.GetRunRequest { Name = run.Name }), developer));
        return ended.State == V1.RunState.Completed ? run.Name : throw new InvalidOperationException($"the run that has much to tell ended as {ended}");
    }
}

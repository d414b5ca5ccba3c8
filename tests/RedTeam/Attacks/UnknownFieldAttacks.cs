using AgentRuntime.RedTeam.Targets;
using Google.Protobuf;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>
/// Messages whose fields the API does not have, each with another number: parsed, one of them would take some thirty times what it is on the wire. The twin is the same
/// call with one such field. What they make the process allocate is measured.
/// </summary>
internal static class UnknownFieldAttacks
{
    private const int MaxMessage = 4 * 1024 * 1024;
    private const int AtOnce = 4;

    // Each message three times over: the attacker's frame, the connection's buffers, and as much again for all that goes on meanwhile.
    private const double MaxAllocated = 3.0 * AtOnce * MaxMessage / (1024 * 1024);

    private const string TooMany = "fields that this API does not have";
    private const string List = "/agentruntime.v1.Runs/ListRuns";
    private const string Check = "/grpc.health.v1.Health/Check";

    public static IEnumerable<Attack> Against(Target target)
    {
        var all = new Lazy<byte[]>(() => Distinct(MaxMessage - 64));
        var few = Distinct(10);
        Shot Runs(byte[] fields, string? token) => Of(target, List, [.. new V1.ListRunsRequest { Parent = "tenants/acme" }.ToByteArray(), .. fields], token);
        Shot Good() => Runs(few, Developer(target));
        yield return Of(target, "without-token", "missing", Good, () => Runs(all.Value, null));
        yield return Of(target, "with-rubbish", "is no token", Good, () => Runs(all.Value, "rubbish"));
        yield return Of(target, "with-token", TooMany, Good, () => Runs(all.Value, Developer(target)));
        yield return Of(target, "in-groups", TooMany, Good, () => Runs(InGroup(all.Value), Developer(target)));
        yield return Of(target, "without-the-role", "needs a platform operator", Good, () => Of(target, "/agentruntime.v1.Tenants/GetTenant", all.Value, Developer(target)));
        yield return Of(target, "health", "must be at most 4096 bytes", () => Of(target, Check, few, null), () => Of(target, Check, all.Value, null));
        yield return Of(target, "small-health", TooMany, () => Of(target, Check, few, null), () => Of(target, Check, Distinct(4_000), null));
        yield return Of(target, "empty-parts", "holds more than 10000 parts", () => Parts(target, 0), () => Parts(target, (MaxMessage / 2) - 100));
    }

    private static string Developer(Target target) => target.Token("acme", "developer");

    private static Shot Of(Target target, string method, byte[] message, string? token) => Target.Authorised(new Shot(target.Grpc, method, message), token);

    private static Attack Of(Target target, string id, string expected, Func<Shot> control, Func<Shot> strike)
    {
        Shot? shot = null;
        return new Attack($"unknown/{id}", expected, ControlAsync, StrikeAsync) { MaxAllocatedMegabytes = MaxAllocated };

        // What the attacker needs is made before anything is measured, and let go after it.
        Task<Answer> ControlAsync()
        {
            shot = strike();
            return target.Wire.CallAsync(control());
        }

        Task<Answer> StrikeAsync()
        {
            var sent = shot!;
            shot = null;
            return ManyAsync(target, sent);
        }
    }

    /// <summary>Several at once; the answer is the best of all for the attacker.</summary>
    private static async Task<Answer> ManyAsync(Target target, Shot shot)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => target.Wire.CallAsync(shot)));
        return Array.Find(answers, answer => answer.Reason.Length == 0) ?? answers[0];
    }

    /// <summary>An agent with tools that say nothing.</summary>
    private static Shot Parts(Target target, int tools)
    {
        var definition = new V1.AgentDefinition { Instructions = "Be.", Model = "done", RiskScope = V1.RiskLevel.Read };
        definition.Tools.AddRange(Enumerable.Range(0, tools).Select(_ => new V1.AgentTool()));
        var request = new V1.ApplyAgentRequest { Parent = "tenants/acme", AgentId = "parts", Definition = definition };
        return Of(target, "/agentruntime.v1.Agents/ApplyAgent", request.ToByteArray(), Developer(target));
    }

    /// <summary>Field 999 as a group that holds the fields.</summary>
    private static byte[] InGroup(byte[] fields) => [0xBB, 0x3E, .. fields, 0xBC, 0x3E];

    /// <summary>As many numbers from 1,000 on as have room, each with the value 1.</summary>
    private static byte[] Distinct(int bytes)
    {
        using var stream = new MemoryStream(bytes + 16);
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            for (var number = 1_000; output.Position < bytes - 8; number++)
            {
                output.WriteTag(number, WireFormat.WireType.Varint);
                output.WriteInt32(1);
            }
        }

        return stream.ToArray();
    }
}

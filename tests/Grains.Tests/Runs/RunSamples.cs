using System.Text.Json;
using AgentRuntime.Agents;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Records;
using AgentRuntime.Runs.State;

namespace AgentRuntime.Grains.Tests.Runs;

/// <summary>Runs and records to test with.</summary>
internal static class RunSamples
{
    public static readonly DateTimeOffset T0 = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    public static readonly TenantId Tenant = TenantId.Parse("acme");
    public static readonly RunKey Key = new(Tenant, RunIds.FromRequest(Tenant, "request-1"));
    public const string Hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    public static Principal Person(string name, params string[] roles) => new("idp", name, name, Tenant, roles, T0);

    public static RunStarted Started(RunLimits? limits = null, string? onBehalfOf = null) => new(
        new Principal("idp", "app", null, Tenant, [Roles.Agent], T0),
        onBehalfOf,
        "helper",
        1,
        Hash,
        "idp|person|author",
        [new AgentTool("search", Hash)],
        Hash,
        "rules",
        limits ?? new RunLimits(),
        "request-1",
        Hash,
        "hello");

    public static RequestedCall Call(string id = "c1", string name = "search") =>
        new(id, name, JsonElement.Parse("""{"query":"x"}"""u8));

    public static ModelReplied Reply(int step, params RequestedCall[] calls) => new(step, 1, "rules", "text", calls, 3, 5);

    public static ToolReturned Returned(int step, int call = 0) => new(step, call, 1, ToolOutcomeKind.Success, "\"ok\"");

    public static ToolStarted ToolStarted(string owner, DateTimeOffset deadline) => new(1, 0, 1, owner, deadline, Hash);

    public static ApprovalRequested Asked(
        ApprovalKind kind = ApprovalKind.Call, RiskLevel risk = RiskLevel.WriteHigh, int people = 1, params string[] excluded) =>
        new($"{Key.Run}-1-0-1", kind, 1, 0, "search", risk, Hash, Hash, Hash, people, excluded, T0.AddHours(1));

    public static ApprovalDecided Decided(ApprovalVerdict verdict, string by = "idp|person|alice") =>
        new($"{Key.Run}-1-0-1", verdict, by, "looked at it", null, T0);

    /// <summary>The state after <paramref name="records"/>, each one second after the one before.</summary>
    public static RunState Fold(params RunRecord[] records)
    {
        var state = new RunState(Key) { Window = new ConversationWindow("Be kind.", Started(), new ContextWindow()) };
        for (var i = 0; i < records.Length; i++) RunFold.Apply(state, records[i], i, T0.AddSeconds(i));
        return state;
    }
}

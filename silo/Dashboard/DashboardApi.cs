using AgentRuntime.FrontDoor.Identity;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AgentRuntime.Dashboard;

/// <summary>The service Dashboard: gives an operator who has a credential a way in for a browser, which has none.</summary>
internal sealed class DashboardApi(EntryCodes codes, DashboardPlan plan) : V1.Dashboard.DashboardBase
{
    public override Task<V1.DashboardEntry> CreateDashboardEntry(V1.CreateDashboardEntryRequest request, ServerCallContext context)
    {
        var (code, until) = codes.Create(Caller.Of(context).Principal.Identity);
        return Task.FromResult(new V1.DashboardEntry { Url = $"{plan.Url}{DashboardGate.Path}/enter#{code}", ExpiresAt = until.ToTimestamp() });
    }
}

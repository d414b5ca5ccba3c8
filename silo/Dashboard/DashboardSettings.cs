using AgentRuntime.Dashboard.SignIn;

namespace AgentRuntime.Dashboard;

/// <summary>Settings of the dashboard. Platform operators alone see it.</summary>
internal sealed class DashboardSettings
{
    public const string SectionName = "Dashboard";

    /// <summary>Whether operators may look at the state of a grain, which holds what tenants wrote. Default no. Each view is logged.</summary>
    public bool ShowGrainState { get; set; }

    /// <summary>What browsers call the HTTP port, such as <c>https://agents.example.com</c>. Default: its own address, or the first of FrontDoor:Hosts.</summary>
    public string? Url { get; set; }

    /// <summary>Where people log in with a browser. Default nowhere: they come through agentctl dashboard.</summary>
    public SignInSettings? SignIn { get; set; }
}

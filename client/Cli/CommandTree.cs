using System.CommandLine;
using AgentRuntime.Cli.Agents;
using AgentRuntime.Cli.Approvals;
using AgentRuntime.Cli.Runs;
using AgentRuntime.Cli.Tenants;
using AgentRuntime.Cli.Tools;

namespace AgentRuntime.Cli;

/// <summary>Every noun.</summary>
internal static class CommandTree
{
    public static IEnumerable<Command> All() =>
    [
        LoginCommands.Login(),
        LoginCommands.WhoAmI(),
        LoginCommands.Token(),
        DoctorCommand.Create(),
        CompletionCommand.Create(),
        RunCommands.Create(),
        SessionCommands.Create(),
        ApprovalCommands.Create(),
        AgentCommands.Create(),
        ToolCommands.Create(),
        TenantCommands.Create(),
        DashboardCommand.Create(),
    ];
}

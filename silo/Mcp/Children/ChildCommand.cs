using System.Globalization;

namespace AgentRuntime.Mcp.Children;

/// <summary>
/// How a program is started so that it cannot outlive the silo or grow its rights. On Linux setsid gives it a process group of its own, and
/// setpriv (util-linux) another user and SIGKILL for the moment that the silo dies; elsewhere it ends when its standard input does.
/// </summary>
internal static class ChildCommand
{
    private static readonly string? SetSid = Find("setsid");
    private static readonly string? SetPriv = Find("setpriv");

    /// <summary>Whether programs get a process group of their own.</summary>
    public static bool OwnsGroup => SetSid is not null && SetPriv is not null;

    /// <summary>Why a program cannot run as another user here; null when it can.</summary>
    public static string? WhyNoUid()
    {
        if (!OperatingSystem.IsLinux()) return "this is not Linux. Leave it out.";
        if (!OwnsGroup) return "setsid and setpriv (util-linux) are not installed. Install them or leave it out.";
        return System.Environment.IsPrivilegedProcess ? null : "the silo does not run as root. Leave it out.";
    }

    /// <summary>The program to start, and its arguments.</summary>
    public static IReadOnlyList<string> For(IReadOnlyList<string> command, int? uid)
    {
        if (!OwnsGroup) return command;
        var user = uid?.ToString(CultureInfo.InvariantCulture);
        string[] other = user is null ? [] : ["--reuid", user, "--regid", user, "--clear-groups"];
        return [SetSid!, SetPriv!, .. other, "--no-new-privs", "--pdeathsig", "KILL", "--", .. command];
    }

    private static string? Find(string program) => OperatingSystem.IsLinux()
        ? Array.Find([$"/usr/bin/{program}", $"/bin/{program}"], File.Exists)
        : null;
}

using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using AgentRuntime.V1;

namespace AgentRuntime.Cli;

/// <summary><c>dashboard</c>: a way in to the dashboard for a browser.</summary>
internal static class DashboardCommand
{
    public static Command Create()
    {
        var open = new Option<bool>("--open") { Description = "Open it in this machine's browser" };
        return Verb.Of(
            "dashboard",
            "A URL that lets a browser in to the dashboard, once and for a minute. For platform operators: --role platform-operator.",
            async (connection, parsed, cancellation) =>
            {
                var entry = await connection.Client.Dashboard.CreateDashboardEntryAsync(new CreateDashboardEntryRequest(), cancellationToken: cancellation);
                connection.Print.Line(entry, entry.Url);
                if (parsed.GetValue(open)) Open(entry.Url);
            },
            open);
    }

    private static void Open(string url)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(url) { UseShellExecute = true });
        }
        catch (Exception fault) when (fault is Win32Exception or PlatformNotSupportedException)
        {
            throw new CliException(ExitCode.Usage, "--open: this machine has no browser; open the URL in one that reaches the silo.");
        }
    }
}

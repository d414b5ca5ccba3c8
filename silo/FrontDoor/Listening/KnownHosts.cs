using System.Net;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Errors;

namespace AgentRuntime.FrontDoor.Listening;

/// <summary>
/// Refuses requests that were sent to another name, whatever they are for: a page in a browser cannot reach these ports through a name of its own that it
/// lets point here.
/// </summary>
internal static partial class KnownHosts
{
    private static readonly InvalidInputException Unknown = new("host", "is none by which this silo is known; call it by a loopback name, or add the name to FrontDoor:Hosts.");

    public static void UseKnownHosts(this WebApplication app)
    {
        var plan = app.Services.GetRequiredService<ListeningPlan>();
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(KnownHosts));
        app.Use((http, next) =>
        {
            if (IsKnown(http.Request.Host.Host, plan)) return next(http);
            LogForeign(log, Shown.Text(http.Request.Host.Value ?? ""));
            return HttpErrors.WriteAsync(http, StatusCodes.Status400BadRequest, Unknown);
        });
    }

    private static bool IsKnown(string host, ListeningPlan plan) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address))
        || plan.Hosts.Contains(host);

    [LoggerMessage(1, LogLevel.Warning, "A request for host {Host} was refused.")]
    private static partial void LogForeign(ILogger log, string host);
}

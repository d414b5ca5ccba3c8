using System.Globalization;
using System.Text.Json;
using AgentRuntime.Common;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace AgentRuntime.Mcp;

/// <summary>One server as one tenant sees it, and what it says of its own accord.</summary>
internal sealed partial class McpPeer(TenantId tenant, string server, TenantSecrets secrets, ILogger log)
{
    /// <summary>Progress reports of one session that are logged; later ones are read and dropped.</summary>
    public const int MaxProgressLines = 1_000;

    private int _changes;
    private int _progress;

    public TenantId Tenant => tenant;

    public string Server => server;

    public TenantSecrets Secrets => secrets;

    /// <summary>Grows each time the server says, or may not be able to say, that its list of tools has changed.</summary>
    public int Changes => Volatile.Read(ref _changes);

    public void NoteChange() => Interlocked.Increment(ref _changes);

    /// <summary>What the protocol's client tells us. Sampling, elicitation and roots are not offered: a tool gets what its arguments hold.</summary>
    public McpClientHandlers Handlers() => new()
    {
        NotificationHandlers =
        [
            new(NotificationMethods.ToolListChangedNotification, (_, _) =>
            {
                NoteChange();
                return ValueTask.CompletedTask;
            }),
            new(NotificationMethods.ProgressNotification, (notification, _) =>
            {
                if (Interlocked.Increment(ref _progress) <= MaxProgressLines) LogReport(McpJson.ToElement(notification.Params));
                return ValueTask.CompletedTask;
            }),
        ],
    };

    private void LogReport(JsonElement report)
    {
        var token = McpJson.TextOf(report, "progressToken") ?? "";
        LogProgress(server, tenant.Value, Shown.Text(token, 200), Number(report, "progress"), Number(report, "total"));
    }

    private static string Number(JsonElement report, string name) =>
        report.TryGetProperty(name, out var value) && value.TryGetDouble(out var number) ? number.ToString(CultureInfo.InvariantCulture) : "?";

    [LoggerMessage(1, LogLevel.Debug, "MCP server {Server} of {Tenant}: call {Call} is at {Progress} of {Total}.")]
    private partial void LogProgress(string server, string tenant, string call, string progress, string total);
}

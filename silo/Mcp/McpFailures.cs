using System.Net;
using AgentRuntime.Common;
using AgentRuntime.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Client;

namespace AgentRuntime.Mcp;

/// <summary>What a failure between the runtime and a server means: whether trying again may help, and whether the call may have reached it.</summary>
internal static class McpFailures
{
    public const int MaxMessageChars = 512;

    /// <summary>The failure of a server that was not reached.</summary>
    public static AgentRuntimeException NotUp(string server, Exception fault)
    {
        if (Find<AgentRuntimeException>(fault) is { } known) return known;
        var what = fault switch
        {
            OperationCanceledException or TimeoutException => "it did not greet in time",
            McpProtocolException refused => $"it answered error {(int)refused.ErrorCode}",
            System.ComponentModel.Win32Exception => "its program could not be started",
            _ when Find<MessageTooLargeException>(fault) is { } large => large.Message,
            _ when Find<TooManyMessagesException>(fault) is { } flood => flood.Message,
            _ when Find<HttpRequestException>(fault) is { } http => Describe(http),
            ClientTransportClosedException or IOException => "its process ended; the silo's log has what it wrote to its standard error",
            _ => "its answer cannot be used",
        };
        return new AgentRuntimeException(ErrorCode.Unavailable, $"MCP server '{server}' is not up: {what}.", isTransient: true, fault);
    }

    /// <summary>The outcome of a call that threw.</summary>
    /// <param name="fault">What was thrown.</param>
    /// <param name="call">The call.</param>
    /// <param name="sent">Whether the request had been handed to the connection.</param>
    /// <param name="secrets">What must not come back; null where nothing was sent.</param>
    public static ToolOutcome.Failed Of(Exception fault, ToolInvocation call, bool sent, TenantSecrets? secrets)
    {
        var tool = call.Tool.Tool;

        // The guard and the secrets speak before the request of a call leaves.
        if (Find<AgentRuntimeException>(fault) is { } known) return new(known.Code, known.Message, known.IsTransient, Sent: false);
        return fault switch
        {
            OperationCanceledException => new(ErrorCode.Timeout, $"The call of tool '{tool}' was stopped.", IsTransient: true, sent),
            McpProtocolException refused => Refused(refused, call, sent, secrets),
            _ when Find<MessageTooLargeException>(fault) is { } large => new(
                ErrorCode.ToolFailed, $"Tool '{tool}' answered more than its {large.MaxBytes} bytes; the rest was not read.", IsTransient: false, sent),
            _ when Find<TooManyMessagesException>(fault) is { } flood => new(
                ErrorCode.Unavailable, $"The connection to the server of tool '{tool}' was broken off: {flood.Message}.", IsTransient: true, sent),
            _ when Find<HttpRequestException>(fault) is { } http => OfHttp(http, call, sent),
            ClientTransportClosedException or IOException => new(
                ErrorCode.Unavailable, $"The connection to the server of tool '{tool}' broke before it answered.", IsTransient: true, sent),
            BrokenTextException broken => new(
                ErrorCode.ToolFailed, $"Tool '{tool}' answered with something that cannot be used: {broken.Message}.", IsTransient: false, sent),
            McpException when sent => new(ErrorCode.Unavailable, $"The server of tool '{tool}' ended its answer without a result.", IsTransient: true, sent),
            McpException or InvalidOperationException => new(
                ErrorCode.ToolFailed, $"Tool '{tool}' asked for input, or answered with something that cannot be used. Only arguments are given to it.", IsTransient: false, sent),
            _ => new(ErrorCode.ToolFailed, $"Tool '{tool}' answered with something that cannot be used ({fault.GetType().Name}).", IsTransient: false, sent),
        };
    }

    // JSON-RPC 2.0, 5.1: -32603 is the server's own fault and -32000 to -32099 are its to define; all others say that the request is wrong.
    private static ToolOutcome.Failed Refused(McpProtocolException refused, ToolInvocation call, bool sent, TenantSecrets? secrets)
    {
        var code = (int)refused.ErrorCode;
        var isTransient = code == (int)McpErrorCode.InternalError
            || (code is >= -32_099 and <= -32_000 && !Enum.IsDefined(refused.ErrorCode));
        var said = Shown.Text(secrets?.Redact(refused.Message) ?? refused.Message, MaxMessageChars);
        return new(
            isTransient ? ErrorCode.Unavailable : ErrorCode.ToolFailed, $"The server of tool '{call.Tool.Tool}' answered error {code}: {said}", isTransient, sent);
    }

    private static ToolOutcome.Failed OfHttp(HttpRequestException http, ToolInvocation call, bool sent)
    {
        // A lost session is a 404, or a 400 of servers that do not know better: the next attempt opens another.
        var isTransient = http.StatusCode is null or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or HttpStatusCode.NotFound or HttpStatusCode.BadRequest
            || (int)http.StatusCode >= 500;
        var neverConnected = http.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError;

        // Any 4xx says that the server did not accept the message (MCP, streamable HTTP, sending messages to the server).
        var wasSeen = sent && !neverConnected && (int?)http.StatusCode is not (>= 400 and < 500);
        return new(
            isTransient ? ErrorCode.Unavailable : ErrorCode.ToolFailed, $"The server of tool '{call.Tool.Tool}': {Describe(http)}.", isTransient, wasSeen);
    }

    private static string Describe(HttpRequestException http) => http switch
    {
        { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => "it refuses the credential that the platform's configuration gives it",
        { StatusCode: { } status } => $"it answered {(int)status}",
        { HttpRequestError: HttpRequestError.NameResolutionError } => "its host name cannot be resolved",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "no secure connection to its host could be made",
        { HttpRequestError: HttpRequestError.ConnectionError } => "no connection to its host could be made",
        _ => "the connection broke",
    };

    private static T? Find<T>(Exception fault)
        where T : Exception
    {
        for (var at = fault; at is not null; at = at.InnerException)
        {
            if (at is T found) return found;
            if (at is ClientTransportClosedException { Details.Exception: { } below } && Find<T>(below) is { } deep) return deep;
        }

        return null;
    }
}

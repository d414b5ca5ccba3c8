using System.Text;
using AgentRuntime.Common;

namespace AgentRuntime.Mcp.Children;

/// <summary>What a server writes to its standard error, in the silo's log: read to the end, so that the server never blocks, and cut to bounds.</summary>
internal sealed partial class ServerErrors(McpPeer peer, ILogger log)
{
    /// <summary>Lines of one process that are logged; the rest is read and dropped.</summary>
    public const int MaxLines = 200;

    /// <summary>Characters of a line that are logged.</summary>
    public const int MaxLineChars = 1_000;

    /// <summary>Bytes of a line that are read: more than are logged, so that no part of a secret is left where the line is cut.</summary>
    public const int MaxLineBytes = 16 * 1_024;

    private readonly byte[] _line = new byte[MaxLineBytes];
    private int _length;
    private int _lines;
    private bool _isCut;

    public async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[4_096];
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var read) Take(buffer.AsSpan(0, read));
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // The process is gone.
        }

        EndLine();
    }

    private void Take(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (b == '\n') EndLine();
            else if (_length < MaxLineBytes) _line[_length++] = b;
            else _isCut = true;
        }
    }

    private void EndLine()
    {
        if (_length == 0) return;
        if (_lines < MaxLines) LogLine(peer.Server, peer.Tenant.Value, Shown.Text(Redacted(), MaxLineChars));
        else if (_lines == MaxLines) LogRest(peer.Server, peer.Tenant.Value);
        _lines = Math.Min(_lines + 1, MaxLines + 1);
        (_length, _isCut) = (0, false);
    }

    private string Redacted()
    {
        var line = peer.Secrets.Redact(Encoding.UTF8.GetString(_line, 0, _length));
        return _isCut ? line[..Math.Max(0, line.Length - peer.Secrets.LongestChars)] : line;
    }

    [LoggerMessage(1, LogLevel.Information, "MCP server {Server} of {Tenant} says: {Line}")]
    private partial void LogLine(string server, string tenant, string line);

    [LoggerMessage(2, LogLevel.Information, "MCP server {Server} of {Tenant} says more than is logged.")]
    private partial void LogRest(string server, string tenant);
}

using System.Net.Sockets;
using System.Text.Json;

namespace AgentRuntime.Cli.Session;

/// <summary>Finds a silo that answers among those that left their address in the data folder.</summary>
internal static class EndpointFinder
{
    // Where nobody listens on loopback the refusal comes at once; what takes long is a machine under load.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="CliException">Nobody answers.</exception>
    public static async Task<Uri> FindAsync(string? chosen, Credential credential, CancellationToken cancellation)
    {
        var folder = credential.DataFolder;
        if ((chosen ?? Environment.GetEnvironmentVariable("AGENTRT_ENDPOINT")) is { Length: > 0 } text) return Parse(text, credential);
        var known = Directory.Exists(EndpointsOf(folder)) ? Directory.GetFiles(EndpointsOf(folder), "*.json") : [];
        foreach (var file in known.OrderByDescending(File.GetLastWriteTimeUtc))
        {
            if (Address(file) is { } address && IsSafe(address) && await AnswersAsync(address, cancellation)) return address;
        }

        throw new CliException(ExitCode.NoServer, $"{folder}: no silo of this data folder answers; start one (dotnet run --project silo) or give --endpoint.");
    }

    private static Uri Parse(string text, Credential credential)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new CliException(ExitCode.Usage, $"--endpoint {text}: is no address; write it like http://127.0.0.1:5101.");
        }

        if (uri.IsLoopback) return uri;
        if (credential is DevCredential) throw new CliException(ExitCode.Usage, $"--endpoint {text}: the development issuer's tokens are good on loopback only; use 127.0.0.1, or log in with --issuer.");
        return IsSafe(uri) ? uri : throw new CliException(ExitCode.Usage, $"--endpoint {text}: would carry the token in clear text; use https.");
    }

    // Elsewhere the token would travel in clear text; a silo may be there behind a proxy, which the file does not know.
    private static bool IsSafe(Uri address) => address.IsLoopback || address.Scheme == Uri.UriSchemeHttps;

    private static string EndpointsOf(string folder) => Path.Combine(folder, "endpoints");

    private static Uri? Address(string file)
    {
        try
        {
            using var content = JsonDocument.Parse(File.ReadAllText(file));
            return new Uri(content.RootElement.GetProperty("url").GetString()!);
        }
        catch (Exception fault) when (fault is IOException or JsonException or KeyNotFoundException or UriFormatException or ArgumentNullException)
        {
            return null;
        }
    }

    private static async Task<bool> AnswersAsync(Uri address, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync(address.Host, address.Port, limit.Token);
            return true;
        }
        catch (Exception fault) when (fault is SocketException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}

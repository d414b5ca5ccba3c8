using System.Net.Sockets;
using System.Text.Json;

namespace AgentRuntime.Cli.Session;

/// <summary>Finds the silo that a command talks to: the one that is named, or one that answers among those that left their address in the data folder.</summary>
internal static class EndpointFinder
{
    // Where nobody listens on loopback the refusal comes at once; what takes long is a machine under load.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The address that was named: by the option, else by the environment, else none.</summary>
    public static string? Named(string? option) => (option ?? Environment.GetEnvironmentVariable("AGENTRT_ENDPOINT")) is { Length: > 0 } text ? text : null;

    /// <summary>The address that a command talks to. Whoever answers there gets the token, so it is taken from nowhere that nobody named.</summary>
    /// <exception cref="CliException">Nobody answers, or it is not known which silo is meant.</exception>
    public static async Task<Uri> FindAsync(string? option, Credential credential, CancellationToken cancellation)
    {
        if (Named(option) is { } named) return Parse(named, isDevelopment: credential is DevCredential);
        if (credential.DataFolder is { } folder) return await FindInAsync(folder, cancellation);
        if (credential.Endpoint is { } remembered) return Parse(remembered, isDevelopment: false);
        throw new CliException(
            ExitCode.Usage, $"{credential.Source}: does not say which silo is meant; give --endpoint, which login --issuer remembers, or with --data the folder of a silo on this machine.");
    }

    private static async Task<Uri> FindInAsync(string folder, CancellationToken cancellation)
    {
        var user = OwnFile.User;
        var endpoints = Path.Combine(folder, "endpoints");
        string[] known = Directory.Exists(endpoints) ? Directory.GetFiles(endpoints, "*.json") : [];
        var isOwn = OwnFile.IsOf(user, folder) && OwnFile.IsOf(user, endpoints, within: folder);
        string[] own = isOwn ? [.. known.Where(file => OwnFile.IsOf(user, file, within: folder))] : [];
        foreach (var file in own.OrderByDescending(File.GetLastWriteTimeUtc))
        {
            if (Address(file) is { } address && IsSafe(address) && await AnswersAsync(address, cancellation)) return address;
        }

        throw new CliException(ExitCode.NoServer, own.Length < known.Length
            ? $"{folder}: holds addresses that may be somebody else's: the folder and what is in it must belong to this user, and nobody else may write to it; mend that, or give --endpoint."
            : $"{folder}: no silo of this data folder answers; start one (dotnet run --project silo) or give --endpoint.");
    }

    /// <summary>An address that was typed.</summary>
    /// <exception cref="CliException">It is none, or a token may not go there.</exception>
    public static Uri Parse(string text, bool isDevelopment)
    {
        if (AddressOf(text) is not { } uri)
        {
            throw new CliException(ExitCode.Usage, $"--endpoint {text}: is no address; write it like http://127.0.0.1:5101.");
        }

        if (uri.IsLoopback) return uri;
        if (isDevelopment) throw new CliException(ExitCode.Usage, $"--endpoint {text}: the development issuer's tokens are good on loopback only; use 127.0.0.1, or log in with --issuer.");
        return IsSafe(uri) ? uri : throw new CliException(ExitCode.Usage, $"--endpoint {text}: would carry the token in clear text; use https.");
    }

    // Elsewhere the token would travel in clear text; a silo may be there behind a proxy, which the file does not know.
    private static bool IsSafe(Uri address) => address.IsLoopback || address.Scheme == Uri.UriSchemeHttps;

    private static Uri? AddressOf(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) ? uri : null;

    private static Uri? Address(string file)
    {
        try
        {
            using var content = JsonDocument.Parse(File.ReadAllText(file));
            return AddressOf(content.RootElement.GetProperty("url").GetString());
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
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

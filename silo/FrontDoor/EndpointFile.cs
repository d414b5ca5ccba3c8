using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.InProcess;
using AgentRuntime.FrontDoor.Listening;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AgentRuntime.FrontDoor;

/// <summary>
/// Tells agentctl where this silo listens, <c>url</c> for gRPC and <c>http</c> for JSON: <c>endpoints/{port}.json</c> in the data folder, one file per
/// silo, gone when it stops. A killed silo leaves its file behind; agentctl tries the newest first and skips those that nobody answers.
/// </summary>
internal sealed class EndpointFile(IServer server, FrontDoorPlace place, ListeningPlan listening, ITokenReader tokens) : IHostedLifecycleService
{
    private string? _path;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var urls = addresses.Select(address => new Uri(address)).Where(url => url.Host != InProcessEndPoint.Host).ToArray();
        if (tokens.IsForLoopback && Array.Find(urls, url => !IsLoopback(url)) is { } open)
        {
            throw new AgentRuntimeException(
                ErrorCode.FailedPrecondition, $"{open}: with the development issuer only loopback addresses are served; listen on 127.0.0.1.");
        }

        if (Array.Find(urls, url => place.GrpcPort == 0 || url.Port == place.GrpcPort) is { } mine) Write(mine, Array.Find(urls, url => url.Port == place.HttpPort));
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_path is not null) File.Delete(_path);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsLoopback(Uri url) => url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));

    private void Write(Uri url, Uri? http)
    {
        var endpoints = Directory.CreateDirectory(Path.Combine(place.DataFolder, "endpoints")).FullName;
        var path = Path.Combine(endpoints, string.Create(CultureInfo.InvariantCulture, $"{url.Port}.json"));
        var draft = $"{path}.tmp";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        using (var json = new Utf8JsonWriter(file))
        {
            json.WriteStartObject();
            json.WriteString("url", listening.At(url.Port));
            if (http is not null) json.WriteString("http", listening.At(http.Port));
            json.WriteEndObject();
        }

        File.Move(draft, path, overwrite: true);
        _path = path;
    }
}

using System.Globalization;
using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.FrontDoor.Listening;

namespace AgentRuntime.Hosting.Commands;

/// <summary>What a serving command says on stdout: text for people, or one JSON object a line.</summary>
internal sealed class Announcement(bool json)
{
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool Json => json;

    public void Ready(IServiceProvider services, TimeSpan elapsed)
    {
        var ports = services.GetRequiredService<SiloPorts>();
        var listening = services.GetRequiredService<ListeningPlan>();
        var (grpc, http) = (listening.At(ports.Grpc), listening.At(ports.Http));
        var folder = services.GetRequiredService<DataFolder>();
        Say(
            new
            {
                @event = "ready",
                grpc,
                http,
                silo = $"{new IPEndPoint(services.GetRequiredService<ClusterPlace>().Advertised, ports.Silo)}",
                data = folder.Path,
                cluster = folder.Format.ClusterId,
                pid = Environment.ProcessId,
                elapsed_ms = (long)elapsed.TotalMilliseconds,
            },
            $"""
            Ready in {elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)} s.
              gRPC         {grpc}
              JSON         {http}/v1, described at /openapi/v1.json
              health       {http}/healthz
              data folder  {folder.Path}
            Next, in another terminal:
              dotnet run --project client/Cli -- login --data {Quoted(folder.Path)} --as YOUR-NAME --role developer
              dotnet run --project client/Cli -- agent apply -f AGENTS.yaml
              dotnet run --project client/Cli -- run start AGENT --input TEXT --watch
            One more silo on the same data: dotnet run --project silo -- --data {Quoted(folder.Path)} --port-offset 1
            Ctrl-C stops it; what runs continues when it is started again.
            """);
    }

    /// <summary>The silos that this one counts as active.</summary>
    public void Cluster(IReadOnlyList<string> active) => Say(
        new { @event = "cluster", active },
        $"Cluster: {active.Count} silo{(active.Count == 1 ? "" : "s")} active.");

    public void Stopping() => Say(new { @event = "stopping" }, "Stopping: handing work over.");

    public void Stopped() => Say(new { @event = "stopped" }, "Stopped.");

    /// <summary>Prints one of the two forms.</summary>
    public void Say(object line, string text) => Console.Out.WriteLine(json ? JsonSerializer.Serialize(line, Format) : text);

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}

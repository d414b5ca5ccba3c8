using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using AgentRuntime.RedTeam.Targets;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>
/// Messages that begin and never end, as many as the silo works on at a time and each under a new token, while another tenant goes on. The twin is the same call sent at once.
/// </summary>
internal static class SlowBodyAttacks
{
    private const string List = "/agentruntime.v1.Runs/ListRuns";

    // As many as have a place, and as many again.
    private static readonly int Slow = 2 * 32 * Environment.ProcessorCount;

    private static readonly TimeSpan Drip = TimeSpan.FromMilliseconds(200);

    public static IEnumerable<Attack> Against(Target target)
    {
        yield return new Attack("size/slow-messages", Expected, () => target.Wire.CallAsync(target.List("acme", Token(target))), () => FillAsync(target, GrpcAsync));
        yield return new Attack("size/slow-json-bodies", Expected, () => JsonAsync(target), () => FillAsync(target, TcpAsync));
    }

    private static string Expected => "the neighbour went on; body: did not come whole";

    private static string Token(Target target) => target.Token("acme", "developer");

    private static Task<Answer> JsonAsync(Target target) =>
        target.Wire.JsonAsync(HttpMethod.Post, new Uri(target.Http, "/v1/tenants/acme/agents:apply"), Token(target), body: """{"manifest":"kind: Agent\nname: slow\ninstructions: Be.\nmodel: done\nriskScope: read\n"}""");

    private static async Task<Answer> FillAsync(Target target, Func<Target, Task<string>> send)
    {
        var sent = Enumerable.Range(0, Slow).Select(_ => send(target)).ToList();
        using var neighbour = new Wire();
        var (all, calls) = (Task.WhenAll(sent), 0);
        for (; !all.IsCompleted; calls++)
        {
            var answer = await neighbour.CallAsync(target.List("other", target.Token("other", "developer")));
            if (answer.Reason.Length > 0) return Answer.Ok(Encoding.UTF8.GetBytes(answer.Reason));
        }

        // Those that found no place were told at once.
        var told = (await all).Where(each => !each.Contains("LIMIT_EXCEEDED", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList();
        return Answer.Refused($"{(calls > 0 ? "the neighbour went on" : "the neighbour was not heard")}; {string.Join(" | ", told)}");
    }

    private static async Task<string> GrpcAsync(Target target)
    {
        using var http = new HttpClient { Timeout = Shot.Patience };
        using var drips = new Drips();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(target.Grpc, List)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = drips };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token(target));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var message = response.Headers.TryGetValues("grpc-message", out var said) ? Uri.UnescapeDataString(said.First()) : "nothing";
        return message.StartsWith("silo: has as many calls", StringComparison.Ordinal) ? "LIMIT_EXCEEDED" : message;
    }

    private static async Task<string> TcpAsync(Target target)
    {
        using var patience = new CancellationTokenSource(Shot.Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, target.Http.Port, patience.Token);
        var begin = $"POST /v1/tenants/acme/agents:apply HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {Token(target)}\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{{";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begin), patience.Token);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().Contains("\"message\"", StringComparison.Ordinal) && await client.GetStream().ReadAsync(buffer, patience.Token) is > 0 and var read) answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        var text = answer.ToString();
        var at = text.IndexOf("body: did not come whole", StringComparison.Ordinal);
        return at < 0 ? text : text[at..text.IndexOf('"', at)];
    }

    /// <summary>A message of 16 kB, of which a little comes now and then: just more than the 240 bytes a second below which the server drops a connection.</summary>
    private sealed class Drips : HttpContent
    {
        // Without a timer it holds nothing that needs disposing, and the client may begin to send, or dispose of this again, after it was told no.
        private readonly CancellationTokenSource _end = new();

        public Drips() => Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[] { 0, 0, 0, 0x3F, 0xFF }, _end.Token);
            while (true)
            {
                await stream.FlushAsync(_end.Token);
                await Task.Delay(Drip, _end.Token);
                await stream.WriteAsync(new byte[100], _end.Token);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _end.Cancel();
            base.Dispose(disposing);
        }
    }
}

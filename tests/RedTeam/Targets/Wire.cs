using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Rpc;

namespace AgentRuntime.RedTeam.Targets;

/// <summary>Sends shots and reads what comes back, gRPC over HTTP/2 and JSON over HTTP/1.1.</summary>
internal sealed class Wire : IDisposable
{
    private const int FrameHeaderBytes = 5;

    private readonly HttpClient _http = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, AllowAutoRedirect = false, UseCookies = false, MaxResponseHeadersLength = 64 })
    {
        Timeout = Shot.Patience,
    };

    public void Dispose() => _http.Dispose();

    public async Task<Answer> CallAsync(Shot shot)
    {
        using var request = Request(shot);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.StatusCode != HttpStatusCode.OK) return Answer.Refused($"HTTP {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            if (shot.UntilBegun && Status(response.Headers) is null) return Answer.Ok([]);
            var body = await response.Content.ReadAsByteArrayAsync();
            return Read(response, body);
        }
        catch (HttpRequestException broken)
        {
            return Answer.Refused($"HTTP/2: {broken.GetBaseException().Message}");
        }
        catch (TaskCanceledException)
        {
            return Answer.Refused("nothing came back in time");
        }
    }

    /// <summary>Opens a stream and leaves it to the caller, unread.</summary>
    public async Task<(HttpResponseMessage? Open, Answer Answer)> OpenAsync(Shot shot, CancellationToken cancellation)
    {
        using var request = Request(shot);
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (Status(response.Headers) is null) return (response, Answer.Ok([]));
        var answer = Read(response, []);
        response.Dispose();
        return (null, answer);
    }

    public async Task<Answer> JsonAsync(HttpMethod method, Uri url, string? token, string? host = null, string? body = null)
    {
        using var request = new HttpRequestMessage(method, url);
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (host is not null) request.Headers.Host = host;
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? Answer.Ok(Encoding.UTF8.GetBytes(text)) : Answer.Refused($"HTTP {(int)response.StatusCode}: {Message(text)}");
    }

    private static HttpRequestMessage Request(Shot shot)
    {
        var frame = new byte[FrameHeaderBytes + shot.Message.Length];
        frame[0] = shot.IsCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)shot.Message.Length);
        shot.Message.CopyTo(frame, FrameHeaderBytes);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(shot.Endpoint, shot.Method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.ParseAdd("trailers");
        if (shot.Host is not null) request.Headers.Host = shot.Host;
        foreach (var (name, value) in shot.Headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    private static Answer Read(HttpResponseMessage response, byte[] body)
    {
        HttpHeaders end = Status(response.Headers) is null ? response.TrailingHeaders : response.Headers;
        var status = Status(end) ?? "none";
        if (status == "0") return Answer.Ok(body.Length > FrameHeaderBytes ? body[FrameHeaderBytes..Math.Min(body.Length, FrameHeaderBytes + (int)BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan(1)))] : []);
        var message = end.TryGetValues("grpc-message", out var said) ? Uri.UnescapeDataString(string.Join(",", said)) : "";
        var reason = end.TryGetValues("grpc-status-details-bin", out var details) ? ReasonOf(details.First()) : null;
        return Answer.Refused($"{reason ?? ((Grpc.Core.StatusCode)int.Parse(status, CultureInfo.InvariantCulture)).ToString()}: {message}");
    }

    private static string? Status(HttpHeaders headers) => headers.TryGetValues("grpc-status", out var values) ? values.First() : null;

    private static string? ReasonOf(string details) => Google.Rpc.Status.Parser.ParseFrom(Convert.FromBase64String(details.PadRight((details.Length + 3) / 4 * 4, '=')))
        .Details.Where(detail => detail.Is(ErrorInfo.Descriptor)).Select(detail => detail.Unpack<ErrorInfo>().Reason).FirstOrDefault();

    private static string Message(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.TryGetProperty("message", out var message) ? message.GetString()! : text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}

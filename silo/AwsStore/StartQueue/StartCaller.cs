using System.Net;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.InProcess;

namespace AgentRuntime.AwsStore.StartQueue;

/// <summary>Hands messages in at the front door of this silo as their senders would: there they are authenticated, authorised, limited and checked like all calls.</summary>
internal sealed class StartCaller : IDisposable
{
    private const string RetryInfo = "type.googleapis.com/google.rpc.RetryInfo";
    private static readonly Uri Door = new("http://localhost/");

    private readonly HttpClient _http;

    public StartCaller(InProcessTransport transport)
    {
        var pipes = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            // The trace of a call is its sender's.
            ActivityHeadersPropagator = null,
            ConnectCallback = (_, cancellation) => transport.ConnectAsync(cancellation),
        };
        _http = new HttpClient(pipes)
        {
            BaseAddress = Door,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            MaxResponseContentBufferSize = FrontDoorLimits.MaxReceiveMessageBytes,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Asks for the run. It is durable when the outcome is Started.</summary>
    public async Task<StartOutcome> StartAsync(StartMessage message, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, message.Path)
        {
            Version = _http.DefaultRequestVersion,
            VersionPolicy = _http.DefaultVersionPolicy,
            Content = new StringContent(message.Body, Encoding.UTF8, MediaTypeNames.Application.Json),
        };
        foreach (var (name, value) in message.Headers) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            return response.IsSuccessStatusCode
                ? new StartOutcome.Started()
                : Judge(response, await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new StartOutcome.Later($"The front door gave no answer ({failure.GetType().Name}).", IsOverload: false);
        }
    }

    public void Dispose() => _http.Dispose();

    // What the front door calls worth another try, or did not foresee, is tried again. Only a silo that refuses whoever comes says so by Retry-After: the
    // tenant whose runs are too many, whose issuer is down or whose proofs are bad must not keep others from theirs.
    private static StartOutcome Judge(HttpResponseMessage response, byte[] body)
    {
        var status = response.StatusCode;
        var (message, isTransient) = Read(status, body);
        var isFinal = !isTransient && (int)status is >= 400 and < 500 && status is not (HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests);
        if (isFinal) return new StartOutcome.Refused(message);
        return new StartOutcome.Later(message, IsOverload: response.Headers.RetryAfter is not null);
    }

    private static (string Message, bool IsTransient) Read(HttpStatusCode status, byte[] body)
    {
        try
        {
            using var error = JsonDocument.Parse(body);
            var isTransient = error.RootElement.TryGetProperty("details", out var details) && details.EnumerateArray().Any(static each => each.GetProperty("@type").ValueEquals(RetryInfo));
            return (error.RootElement.GetProperty("message").GetString()!, isTransient);
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return ($"The front door answered {(int)status}.", false);
        }
    }
}

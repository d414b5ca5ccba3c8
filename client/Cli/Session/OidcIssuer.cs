using System.Net;
using System.Text.Json;

namespace AgentRuntime.Cli.Session;

/// <summary>An OpenID Connect issuer that knows the device flow (RFC 8628; endpoints by OpenID Connect Discovery 1.0).</summary>
internal sealed class OidcIssuer : IDisposable
{
    private const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";
    private const int MaxDocumentBytes = 256 * 1024;
    private static readonly TimeSpan UsualLife = TimeSpan.FromMinutes(30); // Of a code whose issuer does not say.

    private readonly HttpClient _http;
    private readonly string _issuer;
    private readonly TimeProvider _time;

    /// <param name="issuer">Its address.</param>
    /// <param name="time">The clock.</param>
    /// <param name="connections">How it is reached; null for the network.</param>
    /// <exception cref="CliException">The address is none, or would carry tokens in clear text.</exception>
    public OidcIssuer(string issuer, TimeProvider time, HttpMessageHandler? connections = null)
    {
        _issuer = Safely(issuer, "--issuer").AbsoluteUri.TrimEnd('/');
        _time = time;
        _http = new HttpClient(connections ?? new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(15), MaxResponseContentBufferSize = MaxDocumentBytes };
    }

    /// <summary>Has a person confirm at the issuer that this agentctl may speak as them.</summary>
    /// <param name="clientId">What agentctl is called at the issuer.</param>
    /// <param name="scope">What is asked for.</param>
    /// <param name="audience">For whom the token is to be; null where the issuer knows.</param>
    /// <param name="tell">Shows the address to open and the code to type there.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<OidcLogin> LoginAsync(string clientId, string scope, string? audience, Action<string, string> tell, CancellationToken cancellation)
    {
        var metadata = await MetadataAsync(cancellation);
        var endpoint = Endpoint(metadata, "token_endpoint");
        var asked = new Dictionary<string, string> { ["client_id"] = clientId, ["scope"] = scope };
        if (audience is not null) asked["audience"] = audience;
        var (status, device) = await PostAsync(Endpoint(metadata, "device_authorization_endpoint"), asked, cancellation);
        if (status != 200) throw Refused(device, "does not let agentctl ask for a code");
        var pace = new PollingPace(Seconds(device, "interval"), Seconds(device, "expires_in") ?? UsualLife, _time);
        tell(Text(device, "verification_uri_complete") ?? Text(device, "verification_uri") ?? throw Odd("verification_uri"), Text(device, "user_code") ?? throw Odd("user_code"));
        var grant = new Dictionary<string, string>
        {
            ["grant_type"] = DeviceGrant, ["client_id"] = clientId, ["device_code"] = Text(device, "device_code") ?? throw Odd("device_code"),
        };
        return LoginOf(await PollAsync(endpoint, grant, pace, cancellation), clientId, refreshToken: null);
    }

    /// <exception cref="CliException">The login has ended.</exception>
    public async Task<OidcLogin> RefreshAsync(OidcLogin login, CancellationToken cancellation)
    {
        var again = $"run agentctl login --issuer {_issuer} --client-id {login.ClientId} again.";
        if (login.RefreshToken is null) throw new CliException(ExitCode.Refused, $"the login at {_issuer} has ended; {again}");
        var endpoint = Endpoint(await MetadataAsync(cancellation), "token_endpoint");
        var grant = new Dictionary<string, string> { ["grant_type"] = "refresh_token", ["client_id"] = login.ClientId, ["refresh_token"] = login.RefreshToken };
        var (status, answer) = await PostAsync(endpoint, grant, cancellation);
        return status == 200
            ? LoginOf(answer, login.ClientId, login.RefreshToken) with { Tenant = login.Tenant, Endpoint = login.Endpoint }
            : throw new CliException(ExitCode.Refused, $"{_issuer} does not renew the login ({Text(answer, "error")}); {again}");
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> PollAsync(Uri endpoint, Dictionary<string, string> grant, PollingPace pace, CancellationToken cancellation)
    {
        CliException? outage = null;
        while (await pace.WaitAsync(cancellation))
        {
            try
            {
                var (status, answer) = await PostAsync(endpoint, grant, cancellation);
                if (status == 200) return answer;
                outage = null;
                var error = Text(answer, "error");
                if (error == "expired_token") break;
                if (error == "slow_down") pace.SlowDown();
                else if (error == "authorization_pending") pace.Answered();
                else throw Refused(answer, "did not confirm the login");
            }
            catch (CliException fault) when (fault.ExitCode == ExitCode.NoServer)
            {
                // The person may be confirming just now.
                outage = fault;
                pace.Failed();
            }
        }

        throw outage is null
            ? new CliException(ExitCode.Refused, $"{_issuer}: nobody confirmed the login in {pace.Life.TotalMinutes:0.#} minutes; run agentctl login again.")
            : new CliException(ExitCode.NoServer, $"{outage.Message} The code has ended meanwhile; run agentctl login again.");
    }

    private async Task<JsonElement> MetadataAsync(CancellationToken cancellation)
    {
        var address = new Uri($"{_issuer}/.well-known/openid-configuration");
        var (status, metadata) = await SendAsync(new HttpRequestMessage(HttpMethod.Get, address), cancellation);
        if (status != 200) throw new CliException(ExitCode.NoServer, $"{address}: answers {status}; is --issuer right?");
        return Text(metadata, "issuer")?.TrimEnd('/') == _issuer ? metadata : throw new CliException(ExitCode.Refused, $"{address}: speaks for another issuer.");
    }

    private Task<(int Status, JsonElement Answer)> PostAsync(Uri endpoint, Dictionary<string, string> form, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(form) }, cancellation);

    private async Task<(int Status, JsonElement Answer)> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            return IsOutage(response.StatusCode)
                ? throw new CliException(ExitCode.NoServer, $"{request.RequestUri}: answers {(int)response.StatusCode}; try again later.")
                : ((int)response.StatusCode, JsonElement.Parse(body));
        }
        catch (JsonException)
        {
            throw new CliException(ExitCode.NoServer, $"{request.RequestUri}: does not answer in JSON; is --issuer right?");
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new CliException(ExitCode.NoServer, $"{request.RequestUri}: does not answer.");
        }
        finally
        {
            request.Dispose();
        }
    }

    private static bool IsOutage(HttpStatusCode status) => status >= HttpStatusCode.InternalServerError || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    private OidcLogin LoginOf(JsonElement answer, string clientId, string? refreshToken)
    {
        var access = Text(answer, "access_token");
        var token = access is not null && TokenText.Read(access) is not null ? access : Text(answer, "id_token") ?? throw Odd("access_token that is a JWT, nor an id_token");
        var ends = TokenText.Read(token) is { } read && read.ValidTo > DateTime.MinValue
            ? new DateTimeOffset(read.ValidTo, TimeSpan.Zero)
            : _time.GetUtcNow() + (Seconds(answer, "expires_in") ?? TimeSpan.Zero);
        return new OidcLogin(_issuer, clientId, token, Text(answer, "refresh_token") ?? refreshToken, ends, Tenant: null);
    }

    private Uri Endpoint(JsonElement metadata, string name) => Text(metadata, name) is { } address
        ? Safely(address, name)
        : throw new CliException(ExitCode.Refused, $"{_issuer}: has no {name}; use an issuer with the device flow (RFC 8628).");

    private static Uri Safely(string address, string name) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            ? uri
            : throw new CliException(ExitCode.Usage, $"{name} {address}: must be https, or http on loopback.");

    private CliException Refused(JsonElement answer, string what) =>
        new(ExitCode.Refused, $"{_issuer}: {what}: {Text(answer, "error")} {Text(answer, "error_description")}".TrimEnd() + ".");

    private CliException Odd(string what) => new(ExitCode.Refused, $"{_issuer}: answers without {what}.");

    private static string? Text(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static TimeSpan? Seconds(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var seconds) && seconds is > 0 and <= 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;
}

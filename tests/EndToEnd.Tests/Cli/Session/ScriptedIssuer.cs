using System.Net;
using System.Net.Http.Json;

namespace AgentRuntime.EndToEnd.Tests.Cli.Session;

/// <summary>An issuer whose answers for a device code are scripted: an error by its name, <c>token</c>, an HTTP status, or nothing at all.</summary>
internal sealed class ScriptedIssuer(int? interval, int? expiresIn, params string[] answers) : HttpMessageHandler
{
    public const string Address = "https://login.example";

    /// <summary>A token that says little: {"alg":"none"} and {"sub":"olga"}.</summary>
    public const string Token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJvbGdhIn0.";

    /// <summary>No connection is made.</summary>
    public const string Nothing = "nothing";

    private readonly Queue<string> _answers = new(answers);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(request.RequestUri!.AbsolutePath switch
    {
        "/.well-known/openid-configuration" => Json(HttpStatusCode.OK, new { issuer = Address, token_endpoint = $"{Address}/token", device_authorization_endpoint = $"{Address}/device" }),
        "/device" => Json(HttpStatusCode.OK, new { device_code = "d1", user_code = "WDJB", verification_uri = $"{Address}/confirm", interval, expires_in = expiresIn }),
        _ => Answer(_answers.Count > 1 ? _answers.Dequeue() : _answers.Peek()),
    });

    private static HttpResponseMessage Answer(string answer) => answer switch
    {
        "token" => Json(HttpStatusCode.OK, new { access_token = Token, expires_in = 300 }),
        Nothing => throw new HttpRequestException("No route to host"),
        _ when int.TryParse(answer, out var status) => new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent("<html>") },
        _ => Json(HttpStatusCode.BadRequest, new { error = answer }),
    };

    private static HttpResponseMessage Json(HttpStatusCode status, object body) => new(status) { Content = JsonContent.Create(body) };
}

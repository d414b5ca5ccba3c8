using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Testing;

/// <summary>
/// Stands in for AWS STS on loopback: it computes each signature again from keys that it knows, over the very headers and parameters that arrive, and answers
/// who signed; or as it is told.
/// </summary>
internal sealed class StsDouble : IAsyncDisposable
{
    public const string Account = "123456789012";

    /// <summary>Of a session of role <c>app</c>.</summary>
    public const string AppKey = "ASIAAPPAAAAAAAAAAAAA";

    /// <summary>Of a session of role <c>ops</c>.</summary>
    public const string OpsKey = "ASIAOPSAAAAAAAAAAAAA";

    /// <summary>Of a session of a role that nobody knows.</summary>
    public const string StrangerKey = "ASIASTRANGERAAAAAAAA";

    /// <summary>Of a user.</summary>
    public const string UserKey = "AKIAUSERAAAAAAAAAAAA";

    private static readonly Dictionary<string, string> Arns = new()
    {
        [AppKey] = $"arn:aws:sts::{Account}:assumed-role/app/i-0123456789abcdef0",
        [OpsKey] = $"arn:aws:sts::{Account}:assumed-role/ops/maria@example.com",
        [StrangerKey] = $"arn:aws:sts::{Account}:assumed-role/stranger/app",
        [UserKey] = $"arn:aws:iam::{Account}:user/app",
    };

    private readonly WebApplication _app = LoopbackApp.Create();
    private readonly ConcurrentQueue<string> _hosts = [];

    private StsDouble() => _app.MapFallback(async http =>
    {
        _hosts.Enqueue(http.Request.Headers.Host.ToString());
        await Pause.WaitAsync(http.RequestAborted);
        await (Behaviour?.Invoke(http) ?? AnswerAsync(http));
    });

    public Uri Endpoint => new(_app.Urls.First());

    /// <summary>What it answers instead of who signed.</summary>
    public Func<HttpContext, Task>? Behaviour { get; set; }

    /// <summary>Until when it keeps its answers to itself.</summary>
    public Task Pause { get; set; } = Task.CompletedTask;

    /// <summary>The hosts for which it was asked, in order.</summary>
    public IReadOnlyCollection<string> Hosts => _hosts;

    public static async Task<StsDouble> StartAsync()
    {
        var sts = new StsDouble();
        await sts._app.StartAsync();
        return sts;
    }

    public static string SecretOf(string key) => $"secret of {key}";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static string Answer(string arn, string account = Account) => $"""
        <GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <GetCallerIdentityResult><Arn>{arn}</Arn><UserId>AROAEXAMPLE:session</UserId><Account>{account}</Account></GetCallerIdentityResult>
          <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
        </GetCallerIdentityResponse>
        """;

    public static Task FailAsync(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync($"""<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>{code}</Code></Error></ErrorResponse>""");
    }

    private static Task AnswerAsync(HttpContext http)
    {
        var parameters = http.Request.Query.ToDictionary(each => each.Key, each => each.Value.Single()!);
        if (http.Request.Path != "/" || http.Request.Method != "GET" || !parameters.Remove("X-Amz-Signature", out var signature)) return FailAsync(http, 400, "IncompleteSignature");
        var key = parameters["X-Amz-Credential"].Split('/')[0];
        if (!Arns.TryGetValue(key, out var arn)) return FailAsync(http, 403, "InvalidClientTokenId");
        var names = parameters["X-Amz-SignedHeaders"].Split(';');
        var headers = names.ToDictionary(name => name, name => http.Request.Headers[name].ToString());
        return SigV4.Sign(SecretOf(key), parameters, headers) == signature ? http.Response.WriteAsync(Answer(arn)) : FailAsync(http, 403, "SignatureDoesNotMatch");
    }
}

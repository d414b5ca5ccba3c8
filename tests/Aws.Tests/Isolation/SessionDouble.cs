using System.Collections.Concurrent;
using System.Globalization;
using AgentRuntime.Aws.Tests.EventBridge;
using AgentRuntime.Testing;
using Amazon.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Aws.Tests.Isolation;

/// <summary>STS as it documents AssumeRole, and a DynamoDB that says who asks: both refuse what is not signed with the secret of the key that it names.</summary>
internal sealed class SessionDouble : IAsyncDisposable
{
    public const string Role = "arn:aws:iam::123456789012:role/tenant";
    public const string OwnKey = "own";
    private const string Region = "eu-central-1";

    private readonly WebApplication _app = LoopbackApp.Create();
    private readonly ConcurrentDictionary<string, string> _tenants = [];
    private int _sessions;

    /// <summary>The clock of the sessions.</summary>
    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    /// <summary>The forms of the requests for sessions.</summary>
    public ConcurrentQueue<Dictionary<string, string>> Begun { get; } = [];

    /// <summary>Who signed each request to DynamoDB: the tenant of the session, or <see cref="OwnKey"/>.</summary>
    public ConcurrentQueue<(string Tenant, string Key)> Signed { get; } = [];

    /// <summary>Requests for sessions wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Whether sessions are refused.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Whose session DynamoDB no longer knows.</summary>
    public string? Ended { get; set; }

    public static async Task<SessionDouble> StartAsync()
    {
        var aws = new SessionDouble();
        aws._app.MapPost("/", (Delegate)aws.ServeAsync);
        await aws._app.StartAsync();
        return aws;
    }

    /// <summary>Clients with the process's own credentials and the role.</summary>
    public ServiceProvider Clients() => new ServiceCollection().AddSingleton<TimeProvider>(Time).AddAws(options =>
    {
        options.DynamoDbEndpoint = options.StsEndpoint = new Uri(_app.Urls.First());
        (options.Region, options.Credentials, options.MaxAttempts) = (Region, new BasicAWSCredentials(OwnKey, SecretOf(OwnKey)), 1);
        (options.TenantRole, options.NoTenant) = (Role, "_host");
    }).BuildServiceProvider();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ServeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var key = http.Request.Headers.Authorization.ToString().Split("Credential=")[^1].Split('/')[0];
        var isDynamoDb = http.Request.Headers.ContainsKey("X-Amz-Target");
        if (!SignatureCheck.Holds(http.Request, body.ToArray(), SecretOf(key), Region, isDynamoDb ? "dynamodb" : "sts")) return Results.StatusCode(403);
        if (key != OwnKey && http.Request.Headers["X-Amz-Security-Token"] != $"token-{key}") return Results.StatusCode(403);
        return isDynamoDb ? Answer(key) : await BeginAsync(key, body);
    }

    private IResult Answer(string key)
    {
        Signed.Enqueue((key == OwnKey ? OwnKey : _tenants[key], key));
        return key == Ended
            ? Results.Text("""{"__type": "com.amazon.coral.service#ExpiredTokenException", "message": "Made up."}""", "application/x-amz-json-1.0", statusCode: 400)
            : Results.Text("{}", "application/x-amz-json-1.0");
    }

    private async Task<IResult> BeginAsync(string key, MemoryStream body)
    {
        var form = System.Text.Encoding.UTF8.GetString(body.ToArray()).Split('&').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => Uri.UnescapeDataString(part[1]));
        Begun.Enqueue(form);
        await Gate;
        if (IsClosed || key != OwnKey)
        {
            const string Error = """<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Made up.</Message></Error></ErrorResponse>""";
            return Results.Text(Error, "text/xml", statusCode: 403);
        }

        var session = string.Create(CultureInfo.InvariantCulture, $"session{Interlocked.Increment(ref _sessions)}");
        _tenants[session] = form["Tags.member.1.Value"];
        var end = Time.GetUtcNow().AddSeconds(int.Parse(form["DurationSeconds"], CultureInfo.InvariantCulture));
        return Results.Text(
            $"""
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>{session}</AccessKeyId>
            <SecretAccessKey>{SecretOf(session)}</SecretAccessKey><SessionToken>token-{session}</SessionToken><Expiration>{end.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}</Expiration></Credentials>
            </AssumeRoleResult></AssumeRoleResponse>
            """,
            "text/xml");
    }

    private static string SecretOf(string key) => $"secret-of-{key}";
}

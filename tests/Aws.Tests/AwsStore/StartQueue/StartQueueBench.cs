using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;
using Amazon.Runtime;
using Amazon.SQS;
using Amazon.SQS.Model;

namespace AgentRuntime.Aws.Tests.AwsStore.StartQueue;

/// <summary>A start queue on fauxqs, silo processes on DynamoDB Local and moto that read it, an issuer that they trust and one that they do not.</summary>
public sealed class StartQueueBench(AwsStandIn aws, S3StandIn s3) : IAsyncLifetime
{
    public const string Agent = "tenants/acme/agents/helper";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<ScratchFolder> _folders = [];
    private readonly List<SiloProcess> _silos = [];
    private readonly string _prefix = AwsStandIn.NewPrefix();
    private TestIssuer _issuer = null!;
    private TestIssuer _foreign = null!;
    private Dictionary<string, string> _environment = [];

    public string Queue => $"{_prefix}starts";

    internal IAmazonSQS Client { get; private set; } = null!;

    public string Url { get; private set; } = "";

    public string DeadUrl { get; private set; } = "";

    internal IReadOnlyList<SiloProcess> Silos => _silos;

    public async ValueTask InitializeAsync()
    {
        (_issuer, _foreign) = (await TestIssuer.StartAsync(), await TestIssuer.StartAsync());
        _environment = await EnvironmentAsync();
        Client = new AmazonSQSClient(new BasicAWSCredentials("test", "test"), new AmazonSQSConfig { ServiceURL = _environment["AGENTRT_Aws__SqsEndpoint"], AuthenticationRegion = "us-east-1" });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        foreach (var folder in _folders) folder.Dispose();
        Client?.Dispose();
        await _issuer.DisposeAsync();
        await _foreign.DisposeAsync();
    }

    /// <summary>Creates tables and queues, starts a silo and makes the tenant and its agent.</summary>
    internal async Task<SiloProcess> StartAsync(Uri? sqs = null)
    {
        var (code, output, errors) = await RunAsync("create-tables", "--json");
        Assert.True(code == 0, errors);
        Assert.Superset(new HashSet<string> { Queue, $"{Queue}-dead" }, JsonNode.Parse(output)!["created"]!.AsArray().Select(name => (string)name!).ToHashSet());
        (Url, DeadUrl) = (await UrlAsync(Queue), await UrlAsync($"{Queue}-dead"));
        var silo = await StartSiloAsync(sqs);
        using var platform = Caller(silo, _issuer.Token(Claims(null, Roles.PlatformOperator)));
        await RequireAsync(platform, "v1/tenants", """{"tenantId": "acme", "settings": {"displayName": "Acme"}}""");
        using var developer = Caller(silo, Token(Roles.Developer));
        await RequireAsync(developer, "v1/tenants/acme/agents:apply", """{"agentId": "helper", "definition": {"instructions": "Help.", "model": "m", "riskScope": "RISK_LEVEL_READ"}}""");
        return silo;
    }

    /// <summary>Starts one more silo, which reaches SQS elsewhere if that is given.</summary>
    internal async Task<SiloProcess> StartSiloAsync(Uri? sqs = null)
    {
        var folder = new ScratchFolder();
        _folders.Add(folder);
        var environment = new Dictionary<string, string>(_environment);
        if (sqs is not null) environment["AGENTRT_Aws__SqsEndpoint"] = sqs.ToString();
        var silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(folder.Path) with { Environment = environment }, Patience);
        _silos.Add(silo);
        return silo;
    }

    public JsonObject Claims(string? tenant, params string[] roles) => _issuer.Claims(TimeProvider.System.GetUtcNow(), tenant, "starter", roles);

    /// <summary>A good token.</summary>
    public string Token(string role = Roles.Agent) => Sign(Claims("acme", role));

    public string Sign(JsonObject claims) => _issuer.Token(claims);

    /// <summary>One as good, but of an issuer that nobody has configured.</summary>
    public string ForeignToken() => _foreign.Token(_foreign.Claims(TimeProvider.System.GetUtcNow(), "acme", "starter", Roles.Agent));

    public static string Body(string requestId, string parent = "tenants/acme", string agent = Agent, string input = "Go.") =>
        new JsonObject { ["parent"] = parent, ["agent"] = agent, ["input"] = input, ["requestId"] = requestId }.ToJsonString();

    /// <summary>Sends a message and returns its id.</summary>
    public async Task<string> SendAsync(string body, string? token)
    {
        var request = new SendMessageRequest(Url, body);
        if (token is not null) request.MessageAttributes = new() { ["authorization"] = new MessageAttributeValue { DataType = "String", StringValue = $"Bearer {token}" } };
        return (await Client.SendMessageAsync(request)).MessageId;
    }

    /// <summary>What is in the queue of the dead once it holds as many, by the id of the first message.</summary>
    public async Task<Dictionary<string, Message>> DeadAsync(int count)
    {
        var found = new Dictionary<string, Message>();
        await Eventually.TrueAsync(
            async () =>
            {
                var request = new ReceiveMessageRequest(DeadUrl) { MaxNumberOfMessages = 10, MessageAttributeNames = ["All"], VisibilityTimeout = 600 };
                foreach (var message in (await Client.ReceiveMessageAsync(request)).Messages ?? []) found[message.MessageAttributes["message-id"].StringValue] = message;
                return found.Count >= count;
            },
            $"{count} dead letters");
        return found;
    }

    /// <summary>Completes once nothing is left in the queue, neither waiting nor at work.</summary>
    public Task EmptyAsync() => Eventually.TrueAsync(async () => await LeftAsync() == 0, "the queue is empty");

    public async Task<int> LeftAsync()
    {
        var left = await Client.GetQueueAttributesAsync(Url, ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]);
        return left.ApproximateNumberOfMessages + left.ApproximateNumberOfMessagesNotVisible;
    }

    /// <summary>How many runs there are.</summary>
    internal async Task<int> RunsAsync(SiloProcess silo)
    {
        using var auditor = Caller(silo, Token(Roles.Auditor));
        var (status, body) = await auditor.GetAsync("v1/tenants/acme/runs?pageSize=200");
        Assert.Equal(HttpStatusCode.OK, status);
        return (body["runs"] as JsonArray)?.Count ?? 0;
    }

    internal async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Silo.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output, errors);
    }

    private async Task<Dictionary<string, string>> EnvironmentAsync()
    {
        const string Issuer = "AGENTRT_FrontDoor__Identity__Issuers__corp__";
        var environment = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["AGENTRT_Silo__Store"] = "aws",
            ["AGENTRT_Aws__DynamoDbEndpoint"] = (await aws.DynamoDbAsync()).ToString(),
            ["AGENTRT_Aws__S3Endpoint"] = (await s3.EndpointAsync()).ToString(),
            ["AGENTRT_Aws__SqsEndpoint"] = (await aws.SqsAsync()).ToString(),
            ["AGENTRT_Aws__EventQueues"] = "1",
            ["AGENTRT_Aws__TablePrefix"] = _prefix,
            ["AGENTRT_Aws__Bucket"] = $"{_prefix}artifacts",
            ["AGENTRT_Aws__OpenRunParts"] = "4",
            ["AGENTRT_Aws__StartQueue"] = Queue,
            // Nobody listens there: what a run does once it has started is no matter here.
            ["AGENTRT_Models__OpenAI__m__Endpoint"] = "http://127.0.0.1:9/v1",
            ["AGENTRT_Models__OpenAI__m__Model"] = "m",
            [$"{Issuer}Authority"] = _issuer.Authority,
            [$"{Issuer}Audience"] = "agentruntime",
            [$"{Issuer}Tenants__0"] = "*",
            [$"{Issuer}Platform"] = "true",
            [$"{Issuer}PersonClaim"] = "email",
        };
        foreach (var (index, role) in Roles.OfTenants.Index()) environment[$"{Issuer}Roles__{index.ToString(CultureInfo.InvariantCulture)}"] = role;
        return environment;
    }

    private async Task<string> UrlAsync(string queue) => (await Client.GetQueueUrlAsync(queue)).QueueUrl;

    private static JsonCaller Caller(SiloProcess silo, string token) => new(new Uri($"http://127.0.0.1:{silo.Options.HttpPort}/"), token);

    private static async Task RequireAsync(JsonCaller caller, string path, string body)
    {
        var (status, answer) = await caller.SendAsync(HttpMethod.Post, path, body);
        Assert.True(status == HttpStatusCode.OK, $"{status}: {answer}");
    }
}

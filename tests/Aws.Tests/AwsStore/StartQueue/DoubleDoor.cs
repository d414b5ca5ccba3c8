using System.Collections.Concurrent;
using AgentRuntime.AwsStore.StartQueue;
using AgentRuntime.Testing.Aws;
using Amazon.SQS;
using Amazon.SQS.Model;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Aws.Tests.AwsStore.StartQueue;

/// <summary>A consumer of a start queue on fauxqs before a door that answers as it is told.</summary>
internal sealed class DoubleDoor : IAsyncDisposable
{
    private readonly ConcurrentQueue<Func<HttpContext, Task<IResult>>> _answers = [];
    private WebApplication _app = null!;

    private DoubleDoor()
    {
    }

    /// <summary>What it was asked.</summary>
    public ConcurrentQueue<(string Path, string Authorization, string Body)> Calls { get; } = [];

    public IAmazonSQS Client => _app.Services.GetRequiredService<IAmazonSQS>();

    public StartQueuePlace Place => _app.Services.GetRequiredService<StartQueuePlace>();

    /// <summary>Answers the next calls with these, and all after them with a run.</summary>
    public static async Task<DoubleDoor> StartAsync(AwsStandIn aws, FakeTimeProvider? time = null, Func<HttpMessageHandler, HttpMessageHandler>? wrap = null, params Func<HttpContext, Task<IResult>>[] answers)
    {
        var door = new DoubleDoor();
        foreach (var answer in answers) door._answers.Enqueue(answer);
        var options = await aws.SqsOptionsAsync(wrap);
        await using var clients = new ServiceCollection().AddAws(options).BuildServiceProvider();
        var client = clients.GetRequiredService<IAmazonSQS>();
        var name = $"{AwsStandIn.NewPrefix()}starts";
        await StartQueuePlace.CreateAsync(client, name, TestContext.Current.CancellationToken);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (time is not null) builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddAws(options);
        builder.AddStartQueue(await StartQueuePlace.FindAsync(client, name, TestContext.Current.CancellationToken));
        door._app = builder.Build();
        door._app.MapPost("/v1/tenants/{tenant}/runs", (Delegate)door.ServeAsync);
        await door._app.StartAsync();
        return door;
    }

    public Task<SendMessageResponse> SendAsync(string requestId, string tenant = "acme") => Client.SendMessageAsync(new SendMessageRequest(Place.Url, StartQueueBench.Body(requestId, parent: $"tenants/{tenant}"))
    {
        MessageAttributes = new() { ["authorization"] = new MessageAttributeValue { DataType = "String", StringValue = "Bearer t" } },
    });

    /// <summary>Messages that are there and not at work.</summary>
    public async Task<List<Message>> WaitingAsync(string url) =>
        (await Client.ReceiveMessageAsync(new ReceiveMessageRequest(url) { MessageAttributeNames = ["All"], WaitTimeSeconds = 1 })).Messages ?? [];

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> ServeAsync(HttpContext http)
    {
        using var body = new StreamReader(http.Request.Body);
        Calls.Enqueue((http.Request.Path, http.Request.Headers.Authorization.ToString(), await body.ReadToEndAsync()));
        return _answers.TryDequeue(out var answer) ? await answer(http) : Results.Json(new { name = "tenants/acme/runs/r1" });
    }
}

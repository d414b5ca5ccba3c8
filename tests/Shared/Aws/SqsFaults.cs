using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace AgentRuntime.Testing.Aws;

/// <summary>
/// Does to a share of the batches that a seed chooses what SQS does now and then: of a batch a part is not done; a message is delivered twice, in another
/// order, long after it was deleted, or with a body that nobody wrote.
/// </summary>
internal sealed class SqsFaults(HttpMessageHandler inner, int seed, double share) : DelegatingHandler(inner)
{
    public const string Partial = "partial";
    public const string Duplicate = "duplicate";
    public const string Reorder = "reorder";
    public const string Undecodable = "undecodable";
    public const string Late = "late";

    private const int Remembered = 100;
    private static readonly string[] OfReceive = [Duplicate, Reorder, Undecodable, Late];

    private readonly Lock _gate = new();
    private readonly Random _dice = new(seed);
    private readonly Queue<JsonNode> _earlier = [];

    /// <summary>From now on nothing is done.</summary>
    public bool IsOver { get; set; }

    /// <summary>How often each was really done.</summary>
    public ConcurrentDictionary<string, int> Injected { get; } = [];

    /// <summary>How often each operation was asked for.</summary>
    public ConcurrentDictionary<string, int> Asked { get; } = [];

    /// <summary>The next batches of an operation, such as <c>DeleteMessageBatch</c>, are done in part.</summary>
    public ConcurrentDictionary<string, int> Next { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var operation = request.Headers.TryGetValues("X-Amz-Target", out var targets) ? targets.First().Split('.')[^1] : "";
        Asked.AddOrUpdate(operation, 1, static (_, count) => count + 1);
        if (operation.EndsWith("Batch", StringComparison.Ordinal) && IsChosen(operation)) return await SendPartAsync(request, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        return operation == "ReceiveMessage" && response.IsSuccessStatusCode && IsChosen(operation) ? await AlterAsync(response, cancellationToken) : response;
    }

    private bool IsChosen(string operation)
    {
        lock (_gate)
        {
            if (IsOver) return false;
            if (!Next.TryGetValue(operation, out var left) || left == 0) return _dice.NextDouble() < share;
            Next[operation] = left - 1;
            return true;
        }
    }

    // The first of the batch is not done.
    private async Task<HttpResponseMessage> SendPartAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellation))!.AsObject();
        var entries = body["Entries"]!.AsArray();
        var held = entries[0]!["Id"]!.GetValue<string>();
        entries.RemoveAt(0);
        Met(Partial);
        var answer = new JsonObject { ["Successful"] = new JsonArray(), ["Failed"] = new JsonArray() };
        if (entries.Count > 0)
        {
            request.Content = Json(body);
            using var response = await base.SendAsync(request, cancellation);
            answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!.AsObject();
        }

        answer["Failed"]!.AsArray().Add(new JsonObject { ["Id"] = held, ["SenderFault"] = false, ["Code"] = "InternalError", ["Message"] = "Injected." });
        return new HttpResponseMessage { Content = Json(answer) };
    }

    private async Task<HttpResponseMessage> AlterAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!.AsObject();
        response.Content = Json(answer);
        if (answer["Messages"] is not JsonArray { Count: > 0 } messages) return response;
        var earlier = Remember(messages);
        // Of those that it can meet the rarest, so that few receives meet all.
        var fault = OfReceive.Where(kind => kind switch { Reorder => messages.Count > 1, Late => earlier is not null, _ => true }).MinBy(kind => Injected.GetValueOrDefault(kind))!;
        switch (fault)
        {
            case Duplicate:
                messages.Add(messages[0]!.DeepClone());
                break;
            case Reorder:
                var last = messages[^1];
                messages.RemoveAt(messages.Count - 1);
                messages.Insert(0, last);
                break;
            case Late:
                messages.Add(earlier);
                break;
            default:
                messages.Insert(0, new JsonObject { ["MessageId"] = "none", ["ReceiptHandle"] = "none", ["Body"] = "{ \"v\": 1 }" });
                break;
        }

        Met(fault);
        response.Content = Json(answer);
        return response;
    }

    // One of long ago, which is delivered no more as SQS has it.
    private JsonNode? Remember(JsonArray messages)
    {
        lock (_gate)
        {
            foreach (var message in messages) _earlier.Enqueue(message!.DeepClone());
            return _earlier.Count > Remembered ? _earlier.Dequeue() : null;
        }
    }

    private void Met(string fault) => Injected.AddOrUpdate(fault, 1, static (_, count) => count + 1);

    private static StringContent Json(JsonObject content) => new(content.ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.0");
}

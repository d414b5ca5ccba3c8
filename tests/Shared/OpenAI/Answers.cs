using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Testing.OpenAI;

/// <summary>What a server of OpenAI's protocol says: streams of chat completion chunks as vendors send them, and what goes wrong.</summary>
internal static class Answers
{
    /// <summary>Where it is asked.</summary>
    public const string Route = "/v1/chat/completions";

    public const string Done = "[DONE]";

    /// <summary>A stream of these events, flushed one by one.</summary>
    public static Func<HttpContext, Task> Stream(params string[] events) => async context =>
    {
        foreach (var data in events) await SendAsync(context, data);
    };

    /// <summary>A whole answer of some pieces of text.</summary>
    public static Func<HttpContext, Task> Text(params string[] pieces) => Stream([.. pieces.Select(Piece), Finish("stop"), Usage(11, pieces.Length), Done]);

    /// <summary>A whole answer that calls one tool, its arguments split at every third character.</summary>
    public static Func<HttpContext, Task> Call(string id, string tool, string arguments) => Stream(
        [CallStart(0, id, tool), .. arguments.Chunk(3).Select(part => CallPart(0, new string(part))), Finish("tool_calls"), Usage(20, 7), Done]);

    /// <summary>Some events, and once they are heard the connection is gone.</summary>
    public static Func<HttpContext, Task> CutAfter(Task heard, params string[] events) => async context =>
    {
        await Stream(events)(context);
        await heard;
        context.Abort();
    };

    public static Func<HttpContext, Task> Status(int status, string? code = null, params (string Name, string Value)[] headers) => async context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        await context.Response.WriteAsJsonAsync(new { error = new { message = "the prompt was: secret", code } });
    };

    /// <summary>Nothing at all, until the caller has gone; then says so.</summary>
    public static Func<HttpContext, Task> Silence(TaskCompletionSource asked, TaskCompletionSource gone) => async context =>
    {
        context.RequestAborted.Register(() => gone.TrySetResult());
        asked.TrySetResult();
        await gone.Task;
    };

    public static string Piece(string text) => Choice(new { content = text });

    public static string Refusal(string text) => Choice(new { refusal = text });

    public static string CallStart(int index, string id, string tool) =>
        Choice(new { tool_calls = new[] { new { index, id, type = "function", function = new { name = tool, arguments = "" } } } });

    public static string CallPart(int index, string arguments) => Choice(new { tool_calls = new[] { new { index, function = new { arguments } } } });

    public static string Finish(string reason) => Choice(new { }, reason);

    public static string Usage(int input, int output) => Chunk(
        Array.Empty<object>(), new { prompt_tokens = input, completion_tokens = output, total_tokens = input + output });

    public static async Task SendAsync(HttpContext context, string data)
    {
        if (!context.Response.HasStarted) context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static string Choice(object delta, string? finish = null) => Chunk(new[] { new { index = 0, delta, finish_reason = finish } });

    private static string Chunk(object choices, object? usage = null) =>
        JsonSerializer.Serialize(new { id = "chatcmpl-1", @object = "chat.completion.chunk", created = 1_700_000_000, model = "tiny", choices, usage });
}

using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;

namespace AgentRuntime.Tools.Http;

/// <summary>Turns a response into an outcome, never holding more of it than the contract allows.</summary>
internal static class HttpAnswer
{
    public const int MaxErrorChars = 512;

    private const int FirstBuffer = 16 * 1024;

    public static async Task<ToolOutcome> ReadAsync(ToolInvocation call, HttpResponseMessage response, IReadOnlyList<string> secrets, CancellationToken cancellation)
    {
        var max = ((HttpInvoker)call.Tool.Contract.Invoker).MaxResponseBytes;
        var body = await ReadBodyAsync(response, max, cancellation);
        if (body is null)
            return new ToolOutcome.Failed(
                ErrorCode.ToolFailed, $"Tool '{call.Tool.Tool}' answered more than its {max} bytes; the rest was not read.", IsTransient: false, Sent: true);
        if (response.Content.Headers.ContentEncoding.Any(e => !e.Equals("identity", StringComparison.OrdinalIgnoreCase)) || DecoderOf(response) is not { } decoder)
            return new ToolOutcome.Failed(
                ErrorCode.ToolFailed, $"Tool '{call.Tool.Tool}' answered in an encoding that it was not asked for.", IsTransient: false, Sent: true);
        var text = Redact(decoder.GetString(body).TrimStart('\ufeff'), secrets);
        if (!response.IsSuccessStatusCode)
            return Refused(call, response.StatusCode, text);
        if (!IsJson(response))
            return new ToolOutcome.Succeeded(text, IsJson: false);
        return IsReadable(text)
            ? new ToolOutcome.Succeeded(text, IsJson: true)
            : new ToolOutcome.Failed(ErrorCode.ToolFailed, $"Tool '{call.Tool.Tool}' answered JSON that cannot be read.", IsTransient: false, Sent: true);
    }

    private static ToolOutcome.Failed Refused(ToolInvocation call, HttpStatusCode status, string text)
    {
        var isTransient = (int)status >= 500 || status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;
        var said = text.Length <= MaxErrorChars ? text : text[..MaxErrorChars] + "...";
        return new ToolOutcome.Failed(
            isTransient ? ErrorCode.Unavailable : ErrorCode.ToolFailed,
            $"Tool '{call.Tool.Tool}' answered {(int)status}{(said.Length == 0 ? "." : $": {said}")}",
            isTransient,
            Sent: true);
    }

    // A server that echoes its request must not bring a secret into the journal.
    private static string Redact(string text, IReadOnlyList<string> secrets)
    {
        foreach (var secret in secrets)
            text = text.Replace(secret, "[secret]", StringComparison.Ordinal);
        return text;
    }

    private static Encoding? DecoderOf(HttpResponseMessage response)
    {
        try
        {
            var charset = response.Content.Headers.ContentType?.CharSet?.Trim('"');
            return string.IsNullOrEmpty(charset) ? Encoding.UTF8 : Encoding.GetEncoding(charset);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsJson(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType is { } type
        && (type.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));

    private static bool IsReadable(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The body; null when it is larger than <paramref name="max"/>.</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpResponseMessage response, int max, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentLength > max)
            return null;
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new ArrayBufferWriter<byte>(Math.Min(max, FirstBuffer));
        while (true)
        {
            var read = await stream.ReadAsync(buffer.GetMemory(1), cancellation);
            if (read == 0)
                return buffer.WrittenSpan.ToArray();
            buffer.Advance(read);
            if (buffer.WrittenCount > max)
                return null;
        }
    }
}

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AgentRuntime.Common;

namespace AgentRuntime.Models.OpenAI;

/// <summary>
/// What an endpoint's failures mean for a run. What the vendor says in words may quote the prompt, so only its status and its error code
/// are passed on.
/// </summary>
internal sealed class EndpointFailures(string model, OpenAIModelOptions options, TimeProvider time)
{
    private const int MaxCodeChars = 64;

    /// <summary>Translates what the client threw, unless the caller itself has ended the call.</summary>
    public AgentRuntimeException Translate(Exception failure) => CauseOf(failure) switch
    {
        AgentRuntimeException known => known,
        AnswerTooLargeException large => Permanent(
            ErrorCode.LimitExceeded, $"sent more than {large.MaxBytes} bytes ({OpenAIModelOptions.SectionName}:{model}:{nameof(options.MaxResponseBytes)})", failure),
        ClientResultException { Status: > 0 } answer => OfStatus(answer),
        OperationCanceledException => Transient(
            ErrorCode.Timeout, $"sent nothing for {options.NetworkTimeoutSeconds} s ({OpenAIModelOptions.SectionName}:{model}:{nameof(options.NetworkTimeoutSeconds)})", failure),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError } =>
            Transient(ErrorCode.Unavailable, $"cannot be reached at {options.Endpoint}", failure),
        IOException or HttpRequestException or ClientResultException => Transient(ErrorCode.Unavailable, "broke the connection off", failure),
        JsonException => Transient(ErrorCode.ModelFailed, "sent an answer that is not the JSON of a chat completion", failure),
        var other => Transient(ErrorCode.ModelFailed, $"sent an answer that cannot be read ({other.GetType().Name})", failure),
    };

    /// <summary>The stream ended as if it were whole, but the model had not said that it was done.</summary>
    public AgentRuntimeException Unfinished() => Transient(ErrorCode.Unavailable, "ended its stream before the answer was complete", null);

    /// <summary>The model said that it calls tools, and called none.</summary>
    public AgentRuntimeException NamelessCalls() => Transient(ErrorCode.ModelFailed, "asked for tools and named none", null);

    private AgentRuntimeException OfStatus(ClientResultException failure)
    {
        var response = failure.GetRawResponse();
        var shown = CodeOf(response) is { } code ? $"{failure.Status}, {code}" : failure.Status.ToString(CultureInfo.InvariantCulture);
        return failure.Status switch
        {
            429 => Transient(ErrorCode.Unavailable, $"takes no more requests for now ({shown})", failure, RetryAfter(response)),
            408 or 409 or 425 or >= 500 => Transient(ErrorCode.Unavailable, $"failed ({shown})", failure, RetryAfter(response)),
            401 or 403 => Permanent(ErrorCode.PermissionDenied, $"refused the key or its rights ({shown})", failure),
            404 => Permanent(ErrorCode.NotFound, $"knows no model '{options.Model}' at {options.Endpoint} ({shown})", failure),
            < 400 => Permanent(ErrorCode.ModelFailed, $"answered with a redirect ({shown}), which is not followed", failure),
            _ => Permanent(ErrorCode.ModelFailed, $"refused the request ({shown})", failure),
        };
    }

    private AgentRuntimeException Permanent(ErrorCode code, string what, Exception cause) => new(code, $"model {model}: {what}.", inner: cause);

    private AgentRuntimeException Transient(ErrorCode code, string what, Exception? cause, TimeSpan? retryAfter = null) =>
        new(code, $"model {model}: {what}.", isTransient: true, cause) { RetryAfter = retryAfter };

    /// <summary>RFC 9110 section 10.2.3, seconds or a date; and the header in milliseconds that OpenAI adds.</summary>
    private TimeSpan? RetryAfter(PipelineResponse? response)
    {
        if (response is null) return null;
        if (response.Headers.TryGetValue("retry-after-ms", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms))
            return TimeSpan.FromMilliseconds(ms);
        if (!response.Headers.TryGetValue("retry-after", out text) || !RetryConditionHeaderValue.TryParse(text, out var after)) return null;
        var wait = after.Delta ?? after.Date - time.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : null;
    }

    // A code in letters is the vendor's word; one with digits may be a key that the endpoint repeats.
    private static string? CodeOf(PipelineResponse? response)
    {
        try
        {
            using var body = JsonDocument.Parse(response?.Content ?? BinaryData.Empty);
            var code = body.RootElement.GetProperty("error").GetProperty("code").GetString();
            return code is { Length: > 0 and <= MaxCodeChars } && code.All(letter => char.IsAsciiLetter(letter) || letter is '_') ? code : null;
        }
        catch (Exception none) when (none is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The cause that says what happened: the client wraps what its transport throws.</summary>
    private static Exception CauseOf(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
            if (cause is AgentRuntimeException or AnswerTooLargeException or JsonException or HttpRequestException) return cause;
        return failure;
    }
}

using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Admission;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace AgentRuntime.FrontDoor.Json;

/// <summary>Reads the body of a call and checks that each of its members is a field, and there once.</summary>
internal static class JsonBody
{
    /// <summary>As of the parts of the wire form: three bytes here can become a hundred of an object.</summary>
    public const int MaxValues = WireScan.MaxParts;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = FrontDoorLimits.MaxJsonDepth, AllowDuplicateProperties = false };

    /// <returns>The body, to be read again.</returns>
    /// <exception cref="AgentRuntimeException">It is too large, no JSON, or has a member that is no field or contradicts the path.</exception>
    public static async Task<Stream> ReadAsync(HttpRequest request, GrpcJsonTranscodingMetadata method, PathTemplate template, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, cancellation);
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge();
        }

        body.Position = 0;
        try
        {
            RequireFew(body.GetBuffer().AsSpan(0, (int)body.Length));
            using var parsed = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length), Strict);
            var input = method.MethodDescriptor.InputType;
            var message = method.HttpRule.Body == "*" ? input : input.FindFieldByName(method.HttpRule.Body).MessageType;
            RequirePath(parsed.RootElement, message, template, request.Path.Value!);
            RequireFields(parsed.RootElement, message, "");
        }
        catch (JsonException broken)
        {
            throw new InvalidInputException(
                "body", $"is no JSON of at most {FrontDoorLimits.MaxJsonDepth} levels in which nothing stands twice; see line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}.");
        }
        catch (InvalidOperationException)
        {
            // JSON can escape what is no text, which shows only where it is read.
            throw new InvalidInputException("body", "holds half of a surrogate pair; write the character whole.");
        }

        return body;
    }

    public static AgentRuntimeException TooLarge() =>
        new(ErrorCode.LimitExceeded, $"body: must be at most {FrontDoorLimits.MaxReceiveMessageBytes} bytes.");

    private static void RequireFew(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = FrontDoorLimits.MaxJsonDepth });
        for (var values = 0; json.Read();)
        {
            if (json.TokenType is JsonTokenType.PropertyName or JsonTokenType.EndObject or JsonTokenType.EndArray) continue;
            if (++values > MaxValues) throw new InvalidInputException("body", $"holds more than {MaxValues} values; send less at a time.");
        }
    }

    // What stands in the path counts. A body that says something else is a mistake that must not pass for it.
    private static void RequirePath(JsonElement body, MessageDescriptor message, PathTemplate template, string path)
    {
        if (template.BoundField?.Split('.')[^1] is not { } bound || message.FindFieldByName(bound) is null || body.ValueKind != JsonValueKind.Object) return;
        foreach (var member in body.EnumerateObject())
        {
            if (member.Name == bound && !(member.Value.ValueKind == JsonValueKind.String && member.Value.ValueEquals(template.ValueIn(path))))
                throw new InvalidInputException(bound, "is another than in the path; leave it out.");
        }
    }

    private static void RequireFields(JsonElement value, MessageDescriptor message, string place)
    {
        // Those of protobuf itself have forms of their own, which the transcoder checks.
        if (value.ValueKind != JsonValueKind.Object || message.File.Package == "google.protobuf") return;
        var seen = new HashSet<int>();
        foreach (var member in value.EnumerateObject())
        {
            var name = $"{place}{member.Name}";
            var field = JsonForm.FieldOf(message, member.Name) ?? throw new InvalidInputException(name, $"is no field of {message.Name}; leave it out.");
            if (!seen.Add(field.FieldNumber)) throw new InvalidInputException(name, "stands there twice, by both of its names.");
            RequireFields(member.Value, field, name);
        }
    }

    private static void RequireFields(JsonElement value, FieldDescriptor field, string name)
    {
        if (field.FieldType != FieldType.Message) return;
        if (field.IsMap)
        {
            if (field.MessageType.FindFieldByNumber(2) is not { FieldType: FieldType.Message } of || value.ValueKind != JsonValueKind.Object) return;
            foreach (var entry in value.EnumerateObject()) RequireFields(entry.Value, of.MessageType, $"{name}.{entry.Name}.");
        }
        else if (field.IsRepeated)
        {
            if (value.ValueKind != JsonValueKind.Array) return;
            var index = 0;
            foreach (var item in value.EnumerateArray()) RequireFields(item, field.MessageType, $"{name}[{index++}].");
        }
        else
        {
            RequireFields(value, field.MessageType, $"{name}.");
        }
    }
}

using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace AgentRuntime.Aws.Signing;

/// <summary>Reads answers whole, and errors as the JSON protocols say them.</summary>
internal sealed class ResponseReader : JsonResponseUnmarshaller
{
    // Answers of the services that we ask are some KB.
    private const int MaxBytes = 1024 * 1024;

    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input) => new SignedResponse { Body = ((Whole)input).Body };

    public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        var (code, message) = ErrorOf(((Whole)input).Body);
        var type = (int)statusCode < 500 ? ErrorType.Sender : ErrorType.Receiver;
        return new AmazonServiceException(message ?? $"AWS answered {(int)statusCode}.", innerException, type, code ?? statusCode.ToString(), "", statusCode);
    }

    protected override UnmarshallerContext ConstructUnmarshallerContext(Stream responseStream, bool maintainResponseBody, IWebResponseData response, bool isException) =>
        new Whole(Read(responseStream), response, isException, null);

    protected override UnmarshallerContext ConstructUnmarshallerContext(
        Stream responseStream, bool maintainResponseBody, IWebResponseData response, bool isException, IRequestContext requestContext) =>
        new Whole(Read(responseStream), response, isException, requestContext);

    private static byte[] Read(Stream stream)
    {
        using var body = new MemoryStream();
        var block = new byte[8 * 1024];
        for (int read; (read = stream.Read(block)) > 0;)
        {
            if (body.Length + read > MaxBytes) throw new InvalidDataException($"The answer has more than {MaxBytes} bytes.");
            body.Write(block, 0, read);
        }

        return body.ToArray();
    }

    // {"__type": "com.amazonaws.events#ThrottlingException", "message": "..."}
    private static (string? Code, string? Message) ErrorOf(byte[] body)
    {
        try
        {
            using var error = JsonDocument.Parse(body);
            return (TextOf(error.RootElement, "__type")?.Split('#')[^1], TextOf(error.RootElement, "message") ?? TextOf(error.RootElement, "Message"));
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static string? TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private sealed class Whole(byte[] body, IWebResponseData response, bool isException, IRequestContext? context)
        : JsonUnmarshallerContext(new MemoryStream(body), maintainResponseBody: false, response, isException, context)
    {
        public byte[] Body { get; } = body;
    }
}

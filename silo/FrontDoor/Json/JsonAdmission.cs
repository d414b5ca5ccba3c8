using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Errors;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http.Features;

namespace AgentRuntime.FrontDoor.Json;

/// <summary>
/// What a call over JSON passes before its message is read, because only then the calls of both forms meet: the bound on its body, and that each
/// parameter of its query is a field. The transcoder keeps every name of a parameter that it has ever seen, so none may be invented.
/// </summary>
internal static class JsonAdmission
{
    public static void UseJsonAdmission(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } method)
        {
            if (Problem(context.Request, method) is { } problem)
            {
                await HttpErrors.WriteAsync(context, problem.Code == ErrorCode.LimitExceeded ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, problem);
                return;
            }

            // Of a body without a length the server itself refuses what is too much.
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = FrontDoorLimits.MaxReceiveMessageBytes;
        }

        await next(context);
    });

    private static AgentRuntimeException? Problem(HttpRequest request, GrpcJsonTranscodingMetadata method)
    {
        if (request.ContentLength > FrontDoorLimits.MaxReceiveMessageBytes)
            return new AgentRuntimeException(ErrorCode.LimitExceeded, $"body: must be at most {FrontDoorLimits.MaxReceiveMessageBytes} bytes.");
        var unknown = request.Query.Keys.FirstOrDefault(key => !IsParameter(key, method.HttpRule.Body, method.MethodDescriptor.InputType));
        return unknown is null ? null : new InvalidInputException(unknown, "is no parameter of this method; leave it out.");
    }

    private static bool IsParameter(string key, string body, MessageDescriptor message)
    {
        if (body == "*") return false;
        var path = key.Split('.');
        for (var i = 0; i < path.Length; i++)
        {
            var field = message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == path[i] || field.Name == path[i]);
            if (field is null || (i == 0 && field.Name == body)) return false;
            if (i == path.Length - 1) return true;
            if (field.FieldType != FieldType.Message) return false;
            message = field.MessageType;
        }

        return false;
    }
}

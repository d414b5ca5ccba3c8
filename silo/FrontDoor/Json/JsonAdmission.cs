using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Errors;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http.Features;

namespace AgentRuntime.FrontDoor.Json;

/// <summary>
/// What a call over JSON passes before its message is read, because only then the calls of both forms meet: the bound on its body, and that each
/// parameter and each member of the body is a field. The transcoder reads past what it does not know, and keeps the name of each parameter for ever.
/// </summary>
internal static class JsonAdmission
{
    public static void UseJsonAdmission(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } method)
        {
            try
            {
                await AdmitAsync(context, method);
            }
            catch (AgentRuntimeException problem)
            {
                var status = problem.Code == ErrorCode.LimitExceeded ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest;
                await HttpErrors.WriteAsync(context, status, problem);
                return;
            }
        }

        await next(context);
    });

    private static async Task AdmitAsync(HttpContext context, GrpcJsonTranscodingMetadata method)
    {
        var request = context.Request;
        var template = PathTemplate.Of(method.HttpRule);
        JsonQuery.Require(request, method, template);
        if (method.HttpRule.Body.Length == 0) return;
        if (!request.HasJsonContentType()) throw new InvalidInputException("content-type", "must be application/json, and the body at least {}.");
        if (request.ContentLength > FrontDoorLimits.MaxReceiveMessageBytes) throw JsonBody.TooLarge();
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = FrontDoorLimits.MaxReceiveMessageBytes;
        request.Body = await JsonBody.ReadAsync(request, method, template, context.RequestAborted);
    }
}

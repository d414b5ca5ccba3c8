using System.IO.Pipelines;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Admission;
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
    public static void UseJsonAdmission(this WebApplication app)
    {
        var time = app.Services.GetRequiredService<MessageTime>();
        app.Use((context, next) => InvokeAsync(context, time, next));
    }

    private static async Task InvokeAsync(HttpContext context, MessageTime time, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } method)
        {
            try
            {
                await AdmitAsync(context, method, time);
            }
            catch (AgentRuntimeException problem)
            {
                var status = problem.Code switch
                {
                    ErrorCode.LimitExceeded => StatusCodes.Status413PayloadTooLarge,
                    ErrorCode.Timeout => StatusCodes.Status504GatewayTimeout,
                    _ => StatusCodes.Status400BadRequest,
                };
                await HttpErrors.WriteAsync(context, status, problem);
                return;
            }

            await UnreachedAnswer.ServeAsync(context, next);
            return;
        }

        await next(context);
    }

    private static async Task AdmitAsync(HttpContext context, GrpcJsonTranscodingMetadata method, MessageTime time)
    {
        var request = context.Request;
        var template = PathTemplate.Of(method.HttpRule);
        JsonQuery.Require(request, method, template);
        if (method.HttpRule.Body.Length == 0) return;
        if (!request.HasJsonContentType()) throw new InvalidInputException("content-type", "must be application/json, and the body at least {}.");
        if (request.ContentLength > FrontDoorLimits.MaxReceiveMessageBytes) throw JsonBody.TooLarge();
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = FrontDoorLimits.MaxReceiveMessageBytes;
        var whole = await ReadAsync(context, time);
        request.BodyReader.AdvanceTo(whole.Buffer.Start, whole.Buffer.End);
        request.Body = await JsonBody.ReadAsync(request, method, template, context.RequestAborted);
    }

    private static async Task<ReadResult> ReadAsync(HttpContext context, MessageTime time)
    {
        try
        {
            return await time.ReadAsync(context, static _ => { });
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw JsonBody.TooLarge();
        }
    }
}

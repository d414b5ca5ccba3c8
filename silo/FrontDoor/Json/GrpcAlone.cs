using AgentRuntime.Hosting;

namespace AgentRuntime.FrontDoor.Json;

/// <summary>Keeps all but gRPC off the port of gRPC: what browsers and people get stands on the other one.</summary>
internal static class GrpcAlone
{
    private const string GrpcType = "application/grpc";

    public static void UseGrpcAlone(this WebApplication app)
    {
        var port = app.Services.GetRequiredService<SiloPorts>().Grpc;
        app.Use((context, next) =>
        {
            if (context.Connection.LocalPort != port || context.Request.ContentType?.StartsWith(GrpcType, StringComparison.OrdinalIgnoreCase) == true) return next(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}

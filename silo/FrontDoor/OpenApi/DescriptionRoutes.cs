using System.Text;
using AgentRuntime.FrontDoor.Identity;
using Scalar.AspNetCore;

namespace AgentRuntime.FrontDoor.OpenApi;

/// <summary>
/// What the API says of itself: the OpenAPI document always; the page that shows it and the reflection of gRPC only where the development issuer
/// is in force.
/// </summary>
internal static class DescriptionRoutes
{
    private static readonly Lazy<byte[]> Document = new(() => Encoding.UTF8.GetBytes(OpenApiDocument.Create().ToJsonString()));

    public static void MapDescriptions(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/openapi/v1.json", () => Results.Bytes(Document.Value, "application/json; charset=utf-8"));
        if (routes.ServiceProvider.GetService<DevIssuer>() is null) return;
        routes.MapScalarApiReference("/scalar", page =>
        {
            // Nothing of the page comes from elsewhere.
            page.DefaultFonts = false;
            page.Telemetry = false;
        });
        routes.MapGrpcReflectionService();
    }
}

using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Admission;
using AgentRuntime.FrontDoor.Agents;
using AgentRuntime.FrontDoor.Approvals;
using AgentRuntime.FrontDoor.Errors;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using AgentRuntime.FrontDoor.Identity.Issuers;
using AgentRuntime.FrontDoor.Json;
using AgentRuntime.FrontDoor.OpenApi;
using AgentRuntime.FrontDoor.Overload;
using AgentRuntime.FrontDoor.Runs;
using AgentRuntime.FrontDoor.Sessions;
using AgentRuntime.FrontDoor.Tenants;
using AgentRuntime.FrontDoor.Tools;
using AgentRuntime.Hosting;
using Grpc.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AgentRuntime.FrontDoor;

/// <summary>Registers the front door.</summary>
internal static class FrontDoorRegistration
{
    /// <summary>Adds the services. The host registers the runs' ports, the grains, and listens as ListeningPlan says.</summary>
    public static IServiceCollection AddFrontDoor(
        this IServiceCollection services, FrontDoorPlace place, IReadOnlyList<TrustedIssuer> issuers, AwsPrincipals principals)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(place);
        services.AddOptions<FrontDoorOptions>().BindConfiguration(FrontDoorOptions.SectionName).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FrontDoorOptions>, FrontDoorOptionsValidator>());
        services.AddIdentity(place, issuers, principals);
        services.AddOverloadProtection();
        services.AddCallAdmission();
        services.TryAddSingleton<WatchSlots>();
        services.TryAddSingleton<RunWatch>();
        services.TryAddSingleton<RunExport>();
        services.TryAddSingleton<ApprovalWatch>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EndpointFile>());
        services.AddOptions<KestrelServerOptions>().Configure(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestHeadersTotalSize = FrontDoorLimits.MaxMetadataBytes;
            kestrel.Limits.Http2.MaxRequestHeaderFieldSize = FrontDoorLimits.MaxMetadataBytes;
        });
        services.AddGrpc(grpc =>
        {
            grpc.MaxReceiveMessageSize = FrontDoorLimits.MaxReceiveMessageBytes;
            grpc.MaxSendMessageSize = FrontDoorLimits.MaxSendMessageBytes;
            grpc.EnableDetailedErrors = false;
            if (!grpc.Interceptors.Any(added => added.Type == typeof(FrontDoorInterceptor))) grpc.Interceptors.Add<FrontDoorInterceptor>();
        }).AddJsonTranscoding(JsonForm.Configure)
            .AddServiceOptions<ReflectionServiceImpl>(static reflection => reflection.MaxReceiveMessageSize = FrontDoorLimits.MaxAnonymousMessageBytes)
            .AddServiceOptions<ReflectionV1ServiceImpl>(static reflection => reflection.MaxReceiveMessageSize = FrontDoorLimits.MaxAnonymousMessageBytes);
        services.AddGrpcReflection();
        services.AddSingleton<StoreHealthCheck>();
        services.AddGrpcHealthChecks(health => health.Services.Map(StoreHealthCheck.Name, check => check.Name == StoreHealthCheck.Name))
            .AddCheck<SiloHealthCheck>("silo")
            .AddCheck<StoreHealthCheck>(StoreHealthCheck.Name);
        return services;
    }

    /// <summary>Bounds how long unary calls take.</summary>
    public static void UseCallLimit(this WebApplication app)
    {
        var limit = TimeSpan.FromSeconds(app.Services.GetRequiredService<IOptions<FrontDoorOptions>>().Value.MaxUnarySeconds);
        var time = app.Services.GetRequiredService<TimeProvider>();
        app.Use(next => context => DoorMethod.Of(context) is { IsStream: false } ? ServeAsync(context, next) : next(context));

        async Task ServeAsync(HttpContext context, RequestDelegate next)
        {
            using var bound = CallLimit.Begin(context, limit, time);
            await next(context);
        }
    }

    /// <summary>Maps the services, each for gRPC and, as its protobufs say, for JSON.</summary>
    public static void MapFrontDoor(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<AgentsApi>();
        routes.MapGrpcService<ToolsApi>();
        routes.MapGrpcService<RunsApi>();
        routes.MapGrpcService<SessionsApi>();
        routes.MapGrpcService<ApprovalsApi>();
        routes.MapGrpcService<TenantsApi>();
        routes.MapGrpcHealthChecksService();
        routes.MapDescriptions();
        routes.MapFallback("/v1/{**path}", http => HttpErrors.WriteAsync(http, StatusCodes.Status404NotFound, new AgentRuntimeException(
            ErrorCode.NotFound, $"{http.Request.Method} {Shown.Text(http.Request.Path)}: is no method of this API; /openapi/v1.json has them all.")));
    }
}

using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace AgentRuntime.FrontDoor.Overload;

/// <summary>The method of the API that a call is for, in whichever form it came.</summary>
/// <param name="Name">As gRPC names it: <c>/agentruntime.v1.Runs/StartRun</c>.</param>
/// <param name="IsJson">Whether the answer is JSON.</param>
/// <param name="IsStream">Whether the answer is a stream, which may stay open for long.</param>
internal readonly record struct DoorMethod(string Name, bool IsJson, bool IsStream)
{
    private const string Health = "/grpc.health.";
    private const string Reflection = "/grpc.reflection.";

    /// <summary>Whether it asks for health, which must be answered however much there is to do.</summary>
    public bool IsHealth => Name.StartsWith(Health, StringComparison.Ordinal);

    /// <summary>Whether it says the same to everybody, without credential: what has no share of its own takes no place from those that have.</summary>
    public bool IsOpenToAll => IsHealth || Name.StartsWith(Reflection, StringComparison.Ordinal);

    /// <summary>Whether it makes a run.</summary>
    public bool StartsRun => Name is "/agentruntime.v1.Runs/StartRun" or "/agentruntime.v1.Runs/ForkRun";

    /// <summary>The method; null for what is no call of the API.</summary>
    public static DoorMethod? Of(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<GrpcJsonTranscodingMetadata>()?.MethodDescriptor is { } json)
            return new DoorMethod(NameOf(json), IsJson: true, json.IsServerStreaming);
        if (metadata?.GetMetadata<GrpcMethodMetadata>()?.Method is not { } method) return null;
        return new DoorMethod(method.FullName, IsJson: false, method.Type != MethodType.Unary);
    }

    private static string NameOf(MethodDescriptor method) => $"/{method.Service.FullName}/{method.Name}";
}

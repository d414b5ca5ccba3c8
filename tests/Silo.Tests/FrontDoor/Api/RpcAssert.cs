using Google.Rpc;
using Grpc.Core;

namespace AgentRuntime.Silo.Tests.FrontDoor.Api;

internal static class RpcAssert
{
    /// <summary>The call fails with <paramref name="status"/> and details that name the runtime's reason.</summary>
    public static async Task<RpcException> FailsAsync(StatusCode status, Func<Task> call)
    {
        var fault = await Assert.ThrowsAsync<RpcException>(call);
        Assert.True(status == fault.StatusCode, $"{fault.StatusCode}: {fault.Status.Detail}");
        var info = fault.GetRpcStatus()?.GetDetail<ErrorInfo>();
        Assert.Equal("agentruntime", info?.Domain);
        Assert.NotEmpty(info!.Metadata["trace_id"]);
        return fault;
    }

    /// <summary>The call is an invalid argument, and the details name the field.</summary>
    public static async Task RefusesAsync(string field, Func<Task> call)
    {
        var fault = await FailsAsync(StatusCode.InvalidArgument, call);
        Assert.Equal(field, Assert.Single(fault.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations).Field);
    }
}

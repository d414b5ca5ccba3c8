using Google.Protobuf;
using Grpc.Core;

namespace AgentRuntime.Client.Calls;

/// <summary>The standard health check of gRPC (grpc.health.v1), whose two messages have one field each.</summary>
internal static class HealthCheck
{
    private const uint FirstText = (1 << 3) | 2;
    private const uint FirstNumber = 1 << 3;
    private const int Serving = 1;

    private static readonly Method<string, Answer> Check = new(
        MethodType.Unary,
        "grpc.health.v1.Health",
        "Check",
        Marshallers.Create(static part => Write(part), static _ => ""),
        Marshallers.Create(static _ => [], static answer => Read(answer)));

    public static async Task<bool> IsServingAsync(CallInvoker invoker, string part, CancellationToken cancellation)
    {
        using var call = invoker.AsyncUnaryCall(Check, null, new CallOptions(cancellationToken: cancellation), part);
        return (await call.ResponseAsync).IsServing;
    }

    private static byte[] Write(string part)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            if (part.Length > 0)
            {
                output.WriteTag(FirstText);
                output.WriteString(part);
            }
        }

        return bytes.ToArray();
    }

    private static Answer Read(byte[] answer)
    {
        using var input = new CodedInputStream(answer);
        var status = 0;
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (tag == FirstNumber) status = input.ReadEnum();
            else input.SkipLastField();
        }

        return new Answer(status == Serving);
    }

    private sealed record Answer(bool IsServing);
}

using Google.Protobuf;

namespace AgentRuntime.RedTeam.Targets;

/// <summary>One gRPC call, made by hand: what no client library would send can be sent.</summary>
internal sealed record Shot(Uri Endpoint, string Method, byte[] Message)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public Shot(Uri endpoint, string method, IMessage message)
        : this(endpoint, method, message.ToByteArray())
    {
    }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public string? Host { get; init; }

    /// <summary>Whether the message is compressed as grpc-encoding says.</summary>
    public bool IsCompressed { get; init; }

    /// <summary>Whether it is enough that the stream has begun.</summary>
    public bool UntilBegun { get; init; }

    public Shot With(string name, string value) => this with { Headers = [.. Headers, (name, value)] };
}

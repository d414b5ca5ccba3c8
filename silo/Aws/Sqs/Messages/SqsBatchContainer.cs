using AgentRuntime.Aws.Sqs.Receiving;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace AgentRuntime.Aws.Sqs.Messages;

/// <summary>The events of one message on their way to a consumer.</summary>
[GenerateSerializer, Alias("aws.sqs.batch")]
internal sealed class SqsBatchContainer : IBatchContainer
{
    [Id(0)]
    private readonly StreamId _stream;

    [Id(1)]
    private readonly EventSequenceTokenV2 _token;

    [Id(2)]
    private readonly SqsEvents _content;

    [NonSerialized]
    private readonly Lease? _lease;

    public SqsBatchContainer(StreamId stream, long sequence, SqsEvents content, Lease lease) =>
        (_stream, _token, _content, _lease) = (stream, new EventSequenceTokenV2(sequence), content, lease);

    public StreamId StreamId => _stream;

    public StreamSequenceToken SequenceToken => _token;

    /// <summary>The message; only where it was received.</summary>
    public Lease Lease => _lease ?? throw new InvalidOperationException("The batch has left the silo that received it.");

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() =>
        _content.Events.Cast<T>().Select((item, index) => Tuple.Create<T, StreamSequenceToken>(item, _token.CreateSequenceTokenForEvent(index)));

    public bool ImportRequestContext()
    {
        if (_content.Context is not { } context) return false;
        RequestContextExtensions.Import(context);
        return true;
    }
}

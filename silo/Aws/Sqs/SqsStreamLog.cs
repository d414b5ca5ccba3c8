using AgentRuntime.Aws.Sqs.Receiving;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Aws.Sqs;

/// <summary>Says and counts what happens to the messages of one provider.</summary>
internal sealed partial class SqsStreamLog(string provider, ILogger logger, SqsInstruments instruments)
{
    public void Delivered(int count) => instruments.Delivered(provider, count);

    public void Repeated(string message, Arrival arrival)
    {
        instruments.Repeated(provider);
        LogRepeated(logger, provider, message, arrival);
    }

    public void Failed(string message, int receives)
    {
        instruments.Failed(provider);
        LogFailed(logger, provider, message, receives);
    }

    public void PassedBy(int count)
    {
        instruments.PassedBy(provider, count);
        LogPassedBy(logger, provider, count);
    }

    public void Unknown(string message, int receives, string reason) => LogUnknown(logger, provider, message, receives, reason);

    public void Quarantined(string message, string reason)
    {
        instruments.Quarantined(provider);
        LogQuarantined(logger, provider, message, reason);
    }

    public void LeaseLost(string message)
    {
        instruments.LeaseLost(provider);
        LogLeaseLost(logger, provider, message);
    }

    public void NotTaken(string message, Exception failure) => LogNotTaken(logger, provider, message, failure);

    public void NotDeleted(int count) => LogNotDeleted(logger, provider, count);

    public void NotForgotten(string key, Exception failure) => LogNotForgotten(logger, provider, key, failure);

    public void Released(int released, int held) => LogReleased(logger, provider, released, held);

    public void NotDelivered(StreamId stream, Guid subscription) => LogNotDelivered(logger, provider, stream, subscription);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Provider}: message {Message} came again ({Arrival}) and is not delivered again.")]
    private static partial void LogRepeated(ILogger logger, string provider, string message, Arrival arrival);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider}: a consumer failed message {Message}, which has been received {Receives} times.")]
    private static partial void LogFailed(ILogger logger, string provider, string message, int receives);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider}: a consumer that failed what came before was not given {Count} messages, which come again later.")]
    private static partial void LogPassedBy(ILogger logger, string provider, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider}: message {Message}, received {Receives} times, is left for a silo that can read it: {Reason}")]
    private static partial void LogUnknown(ILogger logger, string provider, string message, int receives, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Provider}: message {Message} is in the queue of the dead: {Reason}")]
    private static partial void LogQuarantined(ILogger logger, string provider, string message, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider}: the time of message {Message} could not be extended; it comes again.")]
    private static partial void LogLeaseLost(ILogger logger, string provider, string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider}: message {Message} could not be taken or put aside; it comes again.")]
    private static partial void LogNotTaken(ILogger logger, string provider, string message, Exception failure);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider}: {Count} delivered messages could not be deleted; they come again and are deleted then.")]
    private static partial void LogNotDeleted(ILogger logger, string provider, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider}: the object {Key} of a delivered message could not be deleted.")]
    private static partial void LogNotForgotten(ILogger logger, string provider, string key, Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Provider}: a reader ends and hands back {Released} of {Held} messages; the others come again when their time is up.")]
    private static partial void LogReleased(ILogger logger, string provider, int released, int held);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Provider}: an event of stream {Stream} was not delivered to subscription {Subscription}.")]
    private static partial void LogNotDelivered(ILogger logger, string provider, StreamId stream, Guid subscription);
}

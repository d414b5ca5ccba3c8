using System.Diagnostics.Metrics;
using AgentRuntime.Common;
using AgentRuntime.Common.Telemetry;

namespace AgentRuntime.AwsStore.StartQueue;

/// <summary>Says and counts what happens to the messages of the queue. Neither their bodies nor their credentials are in it.</summary>
internal sealed partial class StartQueueLog
{
    private const int MaxReasonChars = 500;

    private readonly ILogger<StartQueueLog> _log;
    private readonly Counter<long> _messages;

    public StartQueueLog(ILogger<StartQueueLog> log, IMeterFactory meters)
    {
        _log = log;
        _messages = meters.Create(RuntimeSource.Name).CreateCounter<long>(
            "agentruntime.startqueue.messages", "{message}", "Messages of the start queue, by outcome: started, refused, left for later.");
    }

    public void Started(string message)
    {
        Count("started");
        LogStarted(message);
    }

    public void Refused(string message, string reason)
    {
        Count("refused");
        LogRefused(message, Shown.Text(reason, MaxReasonChars));
    }

    public void Left(string message, string reason)
    {
        Count("left");
        LogLeft(message, Shown.Text(reason, MaxReasonChars));
    }

    [LoggerMessage(4, LogLevel.Warning, "Message {Message} of the start queue could not be handled to its end; it comes again.")]
    public partial void NotHandled(string message, Exception failure);

    [LoggerMessage(5, LogLevel.Warning, "Message {Message} of the start queue could not be kept from other silos while its run starts.")]
    public partial void NotKept(string message, Exception failure);

    [LoggerMessage(6, LogLevel.Warning, "The start queue could not be read.")]
    public partial void NotReceived(Exception failure);

    private void Count(string outcome) => _messages.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    [LoggerMessage(1, LogLevel.Debug, "Message {Message} of the start queue started its run.")]
    private partial void LogStarted(string message);

    [LoggerMessage(2, LogLevel.Warning, "Message {Message} of the start queue was put aside: {Reason}")]
    private partial void LogRefused(string message, string reason);

    [LoggerMessage(3, LogLevel.Information, "Message {Message} of the start queue is left for later: {Reason}")]
    private partial void LogLeft(string message, string reason);
}

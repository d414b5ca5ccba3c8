using System.Text;
using System.Text.Json;
using AgentRuntime.Aws.EventBridge;
using AgentRuntime.Events;

namespace AgentRuntime.AwsStore.Events;

/// <summary>What of a tenant's records goes to the event bus, and how it is said there. What tenants, models and tools wrote does not.</summary>
internal static class BusEvents
{
    /// <summary>The source of all of them.</summary>
    public const string Source = "agent-runtime";

    public static IEnumerable<BusEvent> Of(EventBatch batch) =>
        from run in batch.Runs
        from record in run.Events
        where IsForAll(record.Type)
        select new BusEvent(Source, record.Type, record.Time, Detail(batch, run, record));

    private static bool IsForAll(string type) => EventTypes.IsEnd(type)
        || type is EventTypes.RunStarted or EventTypes.ApprovalRequested or EventTypes.ApprovalDecided or EventTypes.ApprovalExpired;

    private static string Detail(EventBatch batch, RunEvents run, RunEvent record)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("tenant", batch.Tenant.Value);
            json.WriteString("agent", run.Agent);
            json.WriteString("run", run.Run);
            json.WriteNumber("seq", record.Seq);
            json.WriteString("time", record.Time);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}

using AgentRuntime.Embedded.Folder;

namespace AgentRuntime.Hosting.Commands;

/// <summary>Says how far long work has come: when something begins or ends, and each second in between.</summary>
internal sealed class StepPrinter(Announcement announcement, TimeProvider time) : IProgress<WorkStep>
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private WorkStep _said;
    private long _saidAt;

    public void Report(WorkStep value)
    {
        lock (_gate)
        {
            var isNews = value.What != _said.What || value.Done == value.Total;
            if (value == _said || (!isNews && time.GetElapsedTime(_saidAt) < Period)) return;
            (_said, _saidAt) = (value, time.GetTimestamp());
        }

        announcement.Say(
            new { @event = "progress", what = value.What, done = value.Done, total = value.Total },
            value switch
            {
                { Total: 1, Done: 0 } => $"  {value.What} ...",
                { Total: 1 } => $"  {value.What}: done",
                { Total: { } total } => $"  {value.What}: {value.Done:N0} of {total:N0}",
                _ => $"  {value.What}: {value.Done:N0}",
            });
    }
}

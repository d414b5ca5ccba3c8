using System.Reflection;
using AgentRuntime.Events;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Grains.Tests.Events;

public sealed class EventTypesTests
{
    [Fact]
    public void Types_AreThoseOfRecords()
    {
        var types = typeof(EventTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(static field => (string)field.GetValue(null)!).ToList();
        Assert.NotEmpty(types);
        Assert.Subset(RecordTypes.All.Select(static type => type.Alias).ToHashSet(), types.ToHashSet());
    }
}

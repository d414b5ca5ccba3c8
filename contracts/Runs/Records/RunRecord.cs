namespace AgentRuntime.Runs.Records;

/// <summary>
/// One fact of a run's journal. The hierarchy is closed; each leaf has a stable alias, see the record codec. Fields are only ever
/// added, with a default that means what their absence meant.
/// </summary>
public abstract record RunRecord;

namespace AgentRuntime.Embedded.Folder;

/// <summary>How far long work on a data folder has come.</summary>
/// <param name="What">What is being done, in a few words.</param>
/// <param name="Done">How much of it is done.</param>
/// <param name="Total">How much there is; null when nobody knows yet.</param>
internal readonly record struct WorkStep(string What, long Done, long? Total);

namespace AgentRuntime.Silo.Tests.Embedded.Journal;

/// <summary>Tests that exchange descriptors of this process, alone: what others open and close meanwhile could get the same numbers.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class ExchangedFiles;

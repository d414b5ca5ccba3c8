using AgentRuntime.Embedded.Journal;

namespace AgentRuntime.Embedded.Folder;

/// <summary>The names of what lies in a data folder: the only place that knows where each store is.</summary>
internal static class FolderLayout
{
    public const string Format = "format";
    public const string Keys = "keys";
    public const string RootKey = "root.key";
    public const string Lock = ".lock";
    public const string MaintenanceLock = ".maintenance";
    public const string Seats = "silos";
    public const string Agreement = "cluster";
    public const string Membership = "membership.db";
    public const string GrainState = "state.db";
    public const string Reminders = "reminders.db";

    /// <summary>The folders, relative to the data folder, that each hold one <c>journal.db</c> and its <c>artifacts/</c>.</summary>
    public static IReadOnlyList<string> RunStores => [""];

    /// <summary>Databases besides those of the runs that must survive; who runs now is of no worth afterwards.</summary>
    public static IReadOnlyList<string> OtherDatabases => [GrainState, Reminders];

    /// <summary>All databases that must survive.</summary>
    public static IEnumerable<string> Databases => [.. RunStores.Select(place => Path.Combine(place, JournalDatabase.FileName)), .. OtherDatabases];
}

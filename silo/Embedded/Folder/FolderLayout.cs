using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Embedded.Journal;

namespace AgentRuntime.Embedded.Folder;

/// <summary>The names of what lies in a data folder: the only place that knows where each store is.</summary>
internal static class FolderLayout
{
    public const string Format = "format";
    public const string Keys = "keys";
    public const string RootKey = "root.key";
    public const string Lock = ".lock";
    /// <summary>Beside a journal: runs were pruned, and what SQLite left of them beside its rows is not removed yet.</summary>
    public const string Unscrubbed = "unscrubbed";

    public const string MaintenanceLock = ".maintenance";
    public const string Seats = "silos";
    public const string Agreement = "cluster";
    public const string Membership = "membership.db";
    public const string GrainState = "state.db";
    public const string Reminders = "reminders.db";
    public const string UsedProofs = "proofs.db";
    public const string OnlyTenant = "tenant";
    public const string Segments = "tenants";

    /// <summary>The folder, relative to the data folder, of the runs of tenants that have no segment.</summary>
    public const string SharedPlace = "";

    /// <summary>The folder, relative to the data folder, that holds all that is a segment's alone: runs, artifacts and the state of its grains.</summary>
    public static string PlaceOf(TenantId segment) => Path.Combine(Segments, segment.Value);

    /// <summary>The tenants of whose segment there is anything in a data folder, in order.</summary>
    public static IReadOnlyList<TenantId> SegmentsIn(string folder)
    {
        var segments = new DirectoryInfo(Path.Combine(folder, Segments));
        if (!segments.Exists) return [];
        return [.. segments.EnumerateDirectories()
            .Where(segment => IdFormat.IsValid(segment.Name) && segment.EnumerateFileSystemInfos().Any())
            .Select(segment => TenantId.Parse(segment.Name))
            .OrderBy(tenant => tenant.Value, StringComparer.Ordinal)];
    }

    /// <summary>The places, relative to the data folder, that each hold one <c>journal.db</c> and its <c>artifacts/</c>.</summary>
    public static IReadOnlyList<string> RunStoresIn(string folder) =>
        [SharedPlace, .. SegmentsIn(folder).Select(PlaceOf).Where(place => File.Exists(Path.Combine(folder, place, JournalDatabase.FileName)))];

    /// <summary>Databases besides those of the runs that must survive, at the places of run stores; who runs now is of no worth afterwards.</summary>
    public static IEnumerable<string> OtherDatabases(IReadOnlyList<string> runStores) =>
        [.. runStores.Select(place => Path.Combine(place, GrainState)), Reminders];

    /// <summary>All databases that must survive.</summary>
    public static IEnumerable<string> Databases(IReadOnlyList<string> runStores) =>
        [.. runStores.Select(place => Path.Combine(place, JournalDatabase.FileName)), .. OtherDatabases(runStores)];

    /// <summary>Whether a path relative to the data folder is that of an artifact.</summary>
    public static bool IsArtifact(string path) => path.Split('/') switch
    {
        [FileArtifactStore.FolderName, var tenant, var first, var name] => FileArtifactStore.IsPlace(tenant, first, name),
        [Segments, var segment, FileArtifactStore.FolderName, var tenant, var first, var name] => segment == tenant && FileArtifactStore.IsPlace(tenant, first, name),
        _ => false,
    };
}

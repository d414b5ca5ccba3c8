using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace AgentRuntime.Embedded.Membership;

/// <summary>One silo as stored: what is searched for in columns, the rest as JSON.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Etag">Grows with each update of the row; a heartbeat leaves it.</param>
internal sealed record MembershipRow(MembershipEntry Entry, long Etag)
{
    public const string Columns = "address, etag, status, started_at, alive_at, details";

    public string EtagText => Etag.ToString(CultureInfo.InvariantCulture);

    /// <summary>When anything was last heard of the silo.</summary>
    public DateTime LastHeardOf =>
        (Entry.SuspectTimes ?? []).Select(vote => vote.Item2).Append(Entry.StartTime).Append(Entry.IAmAliveTime).Max();

    public static string DetailsOf(MembershipEntry entry) => JsonSerializer.Serialize(new Details(
        entry.HostName ?? "",
        entry.SiloName ?? "",
        entry.RoleName,
        entry.ProxyPort,
        entry.UpdateZone,
        entry.FaultZone,
        [.. (entry.SuspectTimes ?? []).Select(vote => new Vote(vote.Item1.ToParsableString(), vote.Item2.Ticks))]));

    public static MembershipRow Read(SqliteDataReader reader)
    {
        var details = JsonSerializer.Deserialize<Details>(reader.GetString(5))!;
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.FromParsableString(reader.GetString(0)),
            Status = (SiloStatus)reader.GetInt32(2),
            StartTime = Utc(reader.GetInt64(3)),
            IAmAliveTime = Utc(reader.GetInt64(4)),
            HostName = details.HostName,
            SiloName = details.SiloName,
            RoleName = details.RoleName,
            ProxyPort = details.ProxyPort,
            UpdateZone = details.UpdateZone,
            FaultZone = details.FaultZone,
            SuspectTimes = [.. details.Votes.Select(vote => Tuple.Create(SiloAddress.FromParsableString(vote.By), Utc(vote.At)))],
        };
        return new MembershipRow(entry, reader.GetInt64(1));
    }

    private static DateTime Utc(long ticks) => new(ticks, DateTimeKind.Utc);

    private sealed record Details(
        string HostName, string SiloName, string? RoleName, int ProxyPort, int UpdateZone, int FaultZone, IReadOnlyList<Vote> Votes);

    private sealed record Vote(string By, long At);
}

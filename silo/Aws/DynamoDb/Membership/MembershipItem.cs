using Amazon.DynamoDBv2.Model;

namespace AgentRuntime.Aws.DynamoDb.Membership;

/// <summary>One silo as an item. Heartbeats have an attribute of their own: no update turns one back, and they touch no etag.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Etag">Grows with each update of the entry.</param>
internal sealed record MembershipItem(MembershipEntry Entry, long Etag)
{
    public const string EtagName = "e";
    public const string Heartbeat = "beat";

    private const char BeforeTime = ' ';

    /// <summary>When anything was last heard of the silo.</summary>
    public DateTime LastHeardOf =>
        (Entry.SuspectTimes ?? []).Select(static vote => vote.Item2).Append(Entry.StartTime).Append(Entry.IAmAliveTime).Max();

    public static MembershipItem Read(Dictionary<string, AttributeValue> item)
    {
        var (alive, beat) = (item.Time("alive"), item.Time(Heartbeat));
        var entry = new MembershipEntry
        {
            SiloAddress = MembershipKeys.Silo(item),
            Status = Enum.Parse<SiloStatus>(item.Text("status")!),
            StartTime = item.Time("started")!.Value,
            IAmAliveTime = beat > alive ? beat.Value : alive!.Value,
            HostName = item.Text("host") ?? "",
            SiloName = item.Text("name") ?? "",
            RoleName = item.Text("role"),
            ProxyPort = (int)item.Number("proxy"),
            UpdateZone = (int)item.Number("update"),
            FaultZone = (int)item.Number("fault"),
            SuspectTimes = item.TryGetValue("votes", out var votes) ? [.. votes.L.Select(static vote => Vote(vote.S))] : [],
        };
        return new MembershipItem(entry, item.Number(EtagName));
    }

    /// <summary>All attributes but the keys and the heartbeat.</summary>
    public Dictionary<string, AttributeValue> Attributes()
    {
        var item = new Dictionary<string, AttributeValue>
        {
            [EtagName] = ItemText.Of(Etag),
            ["status"] = ItemText.Of(Entry.Status.ToString()),
            ["started"] = ItemText.Of(Entry.StartTime),
            ["alive"] = ItemText.Of(Entry.IAmAliveTime),
            ["host"] = ItemText.Of(Entry.HostName ?? ""),
            ["name"] = ItemText.Of(Entry.SiloName ?? ""),
            ["proxy"] = ItemText.Of(Entry.ProxyPort),
            ["update"] = ItemText.Of(Entry.UpdateZone),
            ["fault"] = ItemText.Of(Entry.FaultZone),
            ["votes"] = new AttributeValue { L = [.. (Entry.SuspectTimes ?? []).Select(Vote)], IsLSet = true },
        };
        if (Entry.RoleName is { } role) item["role"] = ItemText.Of(role);
        return item;
    }

    private static AttributeValue Vote(Tuple<SiloAddress, DateTime> vote) =>
        ItemText.Of($"{vote.Item1.ToParsableString()}{BeforeTime}{ItemText.Format(vote.Item2)}");

    private static Tuple<SiloAddress, DateTime> Vote(string text)
    {
        var at = text.IndexOf(BeforeTime, StringComparison.Ordinal);
        return Tuple.Create(SiloAddress.FromParsableString(text[..at]), ItemText.Time(text[(at + 1)..]));
    }
}

using System.Globalization;

namespace AgentRuntime.Aws.DynamoDb.GrainState;

/// <summary>One write, told from all others.</summary>
/// <param name="Version">The version that it gives.</param>
/// <param name="Id">Who writes; the same for all writes of an activation since the last one that was confirmed.</param>
internal sealed record StateWrite(long Version, string Id)
{
    /// <summary>The write that follows what <paramref name="etag"/> knows.</summary>
    public static StateWrite After(StateEtag etag, TimeProvider time) => etag switch
    {
        // Higher than the one in doubt, which may still be on its way: it then arrives too late.
        { Unanswered: { } doubt } => doubt with { Version = doubt.Version + 1 },
        // The clock, so that a version is not used again even after DynamoDB has deleted the item with the last one.
        { Version: 0 } => new StateWrite((time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, NewId()),
        _ => new StateWrite(etag.Version + 1, NewId()),
    };

    public static StateWrite? Parse(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && long.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? new StateWrite(version, text[(dot + 1)..])
            : null;
    }

    public override string ToString() => $"{Version.ToString(CultureInfo.InvariantCulture)}.{Id}";

    private static string NewId() => Guid.NewGuid().ToString("N");
}

using AgentRuntime.Common;
using AgentRuntime.Tenants;
using Amazon.S3;

namespace AgentRuntime.AwsStore.Artifacts;

/// <summary>
/// How long S3 refuses to delete an artifact: from when it is stored as long as its tenant keeps runs of such data, counted from their end. So a lock
/// outlasts the time after which the content is to be gone only where that was shortened later, or the content is that of other runs too.
/// </summary>
/// <param name="mode">Governance, which whoever has the right may lift; or compliance, which nobody may.</param>
/// <param name="longest">Of any lock; and how long what is kept for ever is locked.</param>
/// <param name="retention">What a tenant has set.</param>
/// <param name="time">The clock.</param>
internal sealed class ArtifactLock(ObjectLockMode mode, TimeSpan longest, Func<TenantId, CancellationToken, ValueTask<RetentionSettings?>> retention, TimeProvider time)
{
    public ObjectLockMode Mode => mode;

    /// <summary>Until when content is locked that is stored now, to the second; null when it is not.</summary>
    public async ValueTask<DateTime?> UntilAsync(TenantId tenant, IReadOnlyList<string> dataClasses, CancellationToken cancellation)
    {
        var period = RetentionRules.PeriodOf(await retention(tenant, cancellation), dataClasses) is { } wanted && wanted < longest ? wanted : longest;
        return period > TimeSpan.Zero ? DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + period).ToUnixTimeSeconds()).UtcDateTime : null;
    }
}

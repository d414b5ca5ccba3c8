using System.Globalization;
using System.Text.Json;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs.Index;

namespace AgentRuntime.Embedded.Journal;

/// <summary>The approvals of each tenant, in the order in which they were asked.</summary>
internal sealed class SqliteApprovalInbox(JournalDatabase database) : IApprovalInbox
{
    public Task<ApprovalView?> GetAsync(TenantId tenant, ApprovalId approval, CancellationToken cancellation) =>
        database.Readers.ReadAsync(connection => Get(connection, tenant, approval), cancellation);

    public Task<ApprovalPage> ListAsync(
        TenantId tenant, ApprovalState? state, string? after, int limit, CancellationToken cancellation)
    {
        var last = 0L;
        if (after is not null && !long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out last))
            throw new InvalidInputException("page_token", "is not one that a list of approvals returned; begin without one.");

        return database.Readers.ReadAsync(connection => List(connection, tenant, state, last, limit), cancellation);
    }

    public Task<long> GetVersionAsync(TenantId tenant, CancellationToken cancellation) =>
        database.Readers.ReadAsync(connection =>
        {
            using var statement = connection.Get("SELECT inbox_version FROM tenants WHERE tenant = ?").Bind(1, tenant.Value);
            return statement.Step() ? statement.Number(0) : 0;
        }, cancellation);

    public Task<long> CountWaitingAsync(CancellationToken cancellation) =>
        database.Readers.ReadAsync(connection =>
        {
            // The order of a cross join is kept: tenant by tenant, by the index over their states.
            using var statement = connection.Get("SELECT COUNT(*) FROM tenants CROSS JOIN approvals ON approvals.tenant = tenants.tenant WHERE state = ?")
                .Bind(1, (long)ApprovalState.Pending);
            return statement.Step() ? statement.Number(0) : 0;
        }, cancellation);

    private static ApprovalView? Get(RawConnection connection, TenantId tenant, ApprovalId approval)
    {
        using var statement = connection.Get("SELECT view FROM approvals WHERE tenant = ? AND approval = ?")
            .Bind(1, tenant.Value).Bind(2, approval.Value);
        return statement.Step() ? Read(statement.BlobSpan(0)) : null;
    }

    private static ApprovalPage List(RawConnection connection, TenantId tenant, ApprovalState? state, long after, int limit)
    {
        var sql = "SELECT view, approval_no FROM approvals WHERE tenant = ?1 AND approval_no > ?2"
            + (state is null ? "" : " AND state = ?4") + " ORDER BY approval_no LIMIT ?3";
        using var statement = connection.Get(sql).Bind(1, tenant.Value).Bind(2, after).Bind(3, limit + 1L);
        if (state is { } wanted)
            statement.Bind(4, (long)wanted);

        var page = new List<ApprovalView>();
        while (statement.Step())
        {
            if (page.Count == limit)
                return new ApprovalPage(page, after.ToString(CultureInfo.InvariantCulture));

            page.Add(Read(statement.BlobSpan(0)));
            after = statement.Number(1);
        }

        return new ApprovalPage(page, Next: null);
    }

    private static ApprovalView Read(ReadOnlySpan<byte> view) => JsonSerializer.Deserialize(view, ApprovalJson.Default.ApprovalView)!;
}

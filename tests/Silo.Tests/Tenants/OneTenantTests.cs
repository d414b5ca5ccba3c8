using AgentRuntime.Common;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Tenants;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Tenants;

public sealed class OneTenantTests : IAsyncLifetime
{
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly TenantId Other = TenantId.Parse("other");

    private readonly ScratchFolder _folder = new();
    private DataFolder _data = null!;

    public async ValueTask InitializeAsync() =>
        _data = await DataFolder.OpenAsync(_folder.Path, null, null, TimeProvider.System, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task AdmitAsync_ManyAtOnce_TakesOneForEver()
    {
        var names = Enumerable.Range(0, 24).Select(number => TenantId.Parse($"t{number}")).ToList();
        var taken = await Task.WhenAll(names.Select(name => TryAdmitAsync(new OneTenant(_data), name)));

        var only = names[Array.IndexOf(taken, null)];
        var refusals = taken.OfType<AgentRuntimeException>().ToList();
        Assert.Equal(names.Count - 1, refusals.Count);
        Assert.All(refusals, refusal => Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code));
        Assert.All(refusals, refusal => Assert.Contains($"serves one tenant, {only}, because Tenancy:Mode is account-per-tenant", refusal.Message, StringComparison.Ordinal));
        Assert.Null(await TryAdmitAsync(new OneTenant(_data), only));
        Assert.NotNull(await TryAdmitAsync(new OneTenant(_data), Other));
    }

    [Fact]
    public async Task Require_BeforeAndAfterTheTenantIsThere_LetsInOnlyIts()
    {
        var tenants = new OneTenant(_data);
        Assert.Equal(ErrorCode.PermissionDenied, Assert.Throws<AgentRuntimeException>(() => tenants.Require(Acme)).Code);

        await tenants.AdmitAsync(Acme);

        tenants.Require(Acme);
        var refused = Assert.Throws<AgentRuntimeException>(() => tenants.Require(Other));
        Assert.Equal(ErrorCode.PermissionDenied, refused.Code);
        Assert.DoesNotContain("acme", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settle_StoredTenant_WinsOverTheClaim()
    {
        await new OneTenant(_data).AdmitAsync(Other);
        var tenants = new OneTenant(_data);

        tenants.Settle([Acme], isAlone: false);

        Assert.Null(await TryAdmitAsync(tenants, Acme));
        Assert.NotNull(await TryAdmitAsync(tenants, Other));
    }

    [Fact]
    public async Task Settle_ClaimWithoutATenant_IsVoidUnlessSomebodyMayBeCreatingIt()
    {
        await new OneTenant(_data).AdmitAsync(Other);
        var tenants = new OneTenant(_data);

        tenants.Settle([], isAlone: false);
        Assert.NotNull(await TryAdmitAsync(tenants, Acme));

        tenants.Settle([], isAlone: true);
        Assert.Null(await TryAdmitAsync(tenants, Acme));
    }

    [Fact]
    public void Settle_TwoTenants_NamesThem()
    {
        var refused = Assert.Throws<AgentRuntimeException>(() => new OneTenant(_data).Settle([Acme, Other], isAlone: true));

        Assert.Equal(ErrorCode.FailedPrecondition, refused.Code);
        Assert.Contains("acme and other", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<AgentRuntimeException?> TryAdmitAsync(OneTenant tenants, TenantId tenant)
    {
        try
        {
            await tenants.AdmitAsync(tenant);
            return null;
        }
        catch (AgentRuntimeException refused)
        {
            return refused;
        }
    }
}

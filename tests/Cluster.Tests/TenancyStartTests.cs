using AgentRuntime.Testing;
using Grpc.Core;

namespace AgentRuntime.Cluster.Tests;

/// <summary>One tenant for each cluster, and what of tenancy keeps a silo from starting.</summary>
public sealed class TenancyStartTests : IAsyncLifetime
{
    private readonly SiloGroup _group = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _group.DisposeAsync();

    [Fact]
    public async Task AccountPerTenant_SecondTenant_IsRefusedAtOnceAndForEver()
    {
        var silos = await Task.WhenAll(StartAsync("account-per-tenant"), StartAsync("account-per-tenant"));
        await SiloGroup.WaitAsync(silos, silos, TimeSpan.FromSeconds(30));
        using var desk = new TenantDesk(IssuedToken.IssuerOf(silos[0]));

        var created = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => TryCreateAsync(desk, silos[number % 2], $"tenant-{number}")));
        var only = $"tenant-{Array.IndexOf(created, null)}";
        var refusals = created.OfType<RpcException>().ToList();
        Assert.Equal(11, refusals.Count);
        Assert.All(refusals, refusal => Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode));
        Assert.All(refusals, refusal => Assert.Contains($"serves one tenant, {only}, because Tenancy:Mode is account-per-tenant", refusal.Status.Detail, StringComparison.Ordinal));
        Assert.Empty(await desk.ListAsync(silos[1], only));
        var stranger = await TenantDesk.RefusalAsync(() => desk.ListAsync(silos[1], "stranger"));
        Assert.Equal(StatusCode.PermissionDenied, stranger.StatusCode);

        await Task.WhenAll(silos.Select(silo => silo.KillAsync()));
        var again = await StartAsync("account-per-tenant");
        Assert.Equal(StatusCode.FailedPrecondition, (await TryCreateAsync(desk, again, "late"))!.StatusCode);
        Assert.Null(await TryCreateAsync(desk, again, only));
        await again.KillAsync();

        // Two tenants that came in another mode.
        var shared = await StartAsync("shared");
        Assert.Null(await TryCreateAsync(desk, shared, "second"));
        await shared.KillAsync();
        await RefusedAsync("account-per-tenant", 5, "has several tenants, second and tenant-");
    }

    [Fact]
    public async Task Segmented_TenantThatSharesFiles_IsRefusedUntilItIsTakenOut()
    {
        var shared = await StartAsync("shared");
        using var desk = new TenantDesk(IssuedToken.IssuerOf(shared));
        Assert.Null(await TryCreateAsync(desk, shared, "acme"));
        await RefusedAsync("segmented", 5, "tenancy is 'shared' there and 'segmented: acme' here", "acme");
        await shared.KillAsync();

        await RefusedAsync("segmented", 5, "Tenancy:Segments names acme, but that tenant lies in the files that tenants share", "acme");
        await RefusedAsync("segmented", 5, "Tenancy:Segments names acme", "acme", "--serves", "acme");

        // Nothing was changed: it goes on as it was.
        var again = await StartAsync("shared");
        Assert.Null(await TryCreateAsync(desk, again, "acme"));
    }

    [Fact]
    public async Task Shared_FolderWithASegment_IsRefusedNamingIt()
    {
        await (await StartAsync("segmented", "acme", "--serves", "acme")).KillAsync();

        await RefusedAsync("shared", 5, "Tenant acme has a segment in");
        await RefusedAsync("segmented", 5, "Tenant acme has a segment in", "another");
        await RefusedAsync("segmented", 2, "Silo:Serves names acne", "acme", "--serves", "acne");
        await RefusedAsync("segregated", 2, "Tenancy:Mode is 'segregated'");
        await StartAsync("segmented", "acme");
    }

    private Task<SiloProcess> StartAsync(string mode, string? segment = null, params string[] arguments) => _group.StartAsync(Options(mode, segment, arguments));

    private SiloProcessOptions Options(string mode, string? segment, string[] arguments)
    {
        var settings = new Dictionary<string, string> { ["AGENTRT_Tenancy__Mode"] = mode };
        if (segment is not null) settings["AGENTRT_Tenancy__Segments__0"] = segment;
        return _group.NewOptions() with { Arguments = arguments, Environment = settings };
    }

    private async Task RefusedAsync(string mode, int code, string named, string? segment = null, params string[] arguments)
    {
        await using var silo = SiloProcess.Launch(Options(mode, segment, arguments));
        Assert.Equal(code, await silo.WaitForExitAsync(SiloProcess.ReadyPatience));
        Assert.Contains(named, silo.Errors, StringComparison.Ordinal);
        Assert.StartsWith("error: ", Assert.Single(silo.Errors.Split('\n')), StringComparison.Ordinal);
    }

    private static async Task<RpcException?> TryCreateAsync(TenantDesk desk, SiloProcess silo, string tenant)
    {
        try
        {
            await desk.CreateAsync(silo, tenant);
            return null;
        }
        catch (RpcException refused)
        {
            return refused;
        }
    }
}

using System.Security.Cryptography;
using AgentRuntime.Artifacts;
using AgentRuntime.Common;

namespace AgentRuntime.Testing.Conformance;

/// <summary>What every artifact store must do.</summary>
public abstract class ArtifactStoreConformance
{
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly TenantId Other = TenantId.Parse("other");

    private protected abstract IArtifactStore Store { get; }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000_000)]
    public async Task PutAsync_IsReadBack(int bytes)
    {
        var content = RandomNumberGenerator.GetBytes(bytes);

        var name = await PutAsync(Acme, content);

        Assert.Matches("^[a-z0-9]{1,64}$", name);
        Assert.Equal(content, await Store.GetAsync(Acme, name, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task PutAsync_SameContent_SameNameWithinATenantOnly()
    {
        var content = RandomNumberGenerator.GetBytes(100);

        var name = await PutAsync(Acme, content);

        Assert.Equal(name, await PutAsync(Acme, content));
        Assert.NotEqual(name, await PutAsync(Other, content));
        Assert.NotEqual(name, await PutAsync(Acme, [.. content, 1]));
    }

    [Fact]
    public async Task PutAsync_SameContentAtOnce_IsStoredWhole()
    {
        var content = RandomNumberGenerator.GetBytes(200_000);

        var names = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => PutAsync(Acme, content)));

        Assert.Equal(content, await Store.GetAsync(Acme, Assert.Single(names.Distinct()), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task GetAsync_AnotherTenantsArtifact_IsNotThere()
    {
        var name = await PutAsync(Acme, [1, 2, 3]);

        await AssertCorruptedAsync(Other, name);
    }

    [Theory]
    [InlineData("../../journal.db")]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/etc/passwd")]
    public async Task GetAsync_NameThatIsNone_IsRefused(string name) => await AssertCorruptedAsync(Acme, name);

    [Fact]
    public async Task DeleteAsync_DestroysTheContentOnce()
    {
        var name = await PutAsync(Acme, [1, 2, 3]);

        Assert.False(await Store.DeleteAsync(Other, name, TestContext.Current.CancellationToken));
        Assert.True(await Store.DeleteAsync(Acme, name, TestContext.Current.CancellationToken));
        Assert.False(await Store.DeleteAsync(Acme, name, TestContext.Current.CancellationToken));

        await AssertCorruptedAsync(Acme, name);
        Assert.Equal(name, await PutAsync(Acme, [1, 2, 3]));
    }

    private protected async Task AssertCorruptedAsync(TenantId tenant, string name)
    {
        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => Store.GetAsync(tenant, name, TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.StorageCorrupted, failure.Code);
        Assert.Contains($"{tenant}/{name}", failure.Message, StringComparison.Ordinal);
    }

    private Task<string> PutAsync(TenantId tenant, byte[] content) => Store.PutAsync(tenant, content, TestContext.Current.CancellationToken);
}

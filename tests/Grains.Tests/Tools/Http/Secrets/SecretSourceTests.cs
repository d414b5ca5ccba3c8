using AgentRuntime.Common;
using AgentRuntime.Tools.Http.Secrets;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Grains.Tests.Tools.Http.Secrets;

public sealed class SecretSourceTests : IDisposable
{
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("secrets-");

    [Fact]
    public async Task Resolve_File_IsReadEachTime()
    {
        var source = Source();
        Write("acme", "key", "one\n");
        var first = await source.ResolveAsync(Acme, "key", TestContext.Current.CancellationToken);
        Write("acme", "key", "two");

        Assert.Equal(("one", "two"), (first, await source.ResolveAsync(Acme, "key", TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Resolve_AnotherTenantsFile_IsNotFound()
    {
        Write("globex", "key", "theirs");

        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => Source().ResolveAsync(Acme, "key", TestContext.Current.CancellationToken).AsTask());

        Assert.Contains("'key' of tenant 'acme'", refusal.Message);
        Assert.Contains("AGENTRT_SECRET__ACME__KEY", refusal.Message);
    }

    [Theory]
    [InlineData("../globex/key")]
    [InlineData("Key")]
    [InlineData("")]
    public async Task Resolve_NameThatIsNoId_IsRefused(string name) =>
        await Assert.ThrowsAsync<InvalidInputException>(() => Source().ResolveAsync(Acme, name, TestContext.Current.CancellationToken).AsTask());

    [Fact]
    public async Task Resolve_LineBreakInside_IsRefusedWithoutSayingIt()
    {
        Write("acme", "key", "a\r\nX-Evil: b");

        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(() => Source().ResolveAsync(Acme, "key", TestContext.Current.CancellationToken).AsTask());

        Assert.DoesNotContain("Evil", refusal.Message);
    }

    [Theory]
    [InlineData("a-b", "c", "AGENTRT_SECRET__A_B__C")]
    [InlineData("a--b", "c", null)]
    [InlineData("a-", "c", null)]
    [InlineData("a", "-c", null)]
    [InlineData("a", "b--c", null)]
    public void VariableFor_Names_NeverMeet(string tenant, string name, string? variable) =>
        Assert.Equal(variable, SecretSource.VariableFor(TenantId.Parse(tenant), name));

    public void Dispose() => _folder.Delete(recursive: true);

    private SecretSource Source() => new(Options.Create(new SecretOptions { Folder = _folder.FullName }));

    private void Write(string tenant, string name, string value)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, tenant));
        File.WriteAllText(Path.Combine(_folder.FullName, tenant, name), value);
    }
}

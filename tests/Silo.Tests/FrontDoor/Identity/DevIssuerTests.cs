using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity;

public sealed class DevIssuerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("agentrt-");

    private string KeyFile => Path.Combine(_folder.FullName, DevIssuer.KeyFileName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Open_Again_GivesTheSameKeyOfThisClusterOnly()
    {
        var first = DevIssuer.Open(_folder.FullName, "c1");
        var second = DevIssuer.Open(_folder.FullName, "c1");
        Assert.Equal(first.Key.ECDsa.ExportSubjectPublicKeyInfoPem(), second.Key.ECDsa.ExportSubjectPublicKeyInfoPem());
        Assert.Equal(("urn:agentruntime:dev:c1", "c1"), (first.Name, first.Audience));
    }

    [Fact]
    public async Task Open_ByManyAtOnce_GivesAllTheSameKey()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => DevIssuer.Open(_folder.FullName, "c1"))));
        Assert.Single(opened.Select(issuer => issuer.Key.ECDsa.ExportSubjectPublicKeyInfoPem()).Distinct());
        Assert.Equal([DevIssuer.KeyFileName], Directory.GetFiles(_folder.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public void Open_KeyThatOthersCanRead_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such file modes.");
        DevIssuer.Open(_folder.FullName, "c1");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));

        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains(KeyFile, Assert.Throws<AgentRuntimeException>(() => DevIssuer.Open(_folder.FullName, "c1")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatIsNoKey_IsRefusedByName()
    {
        DevIssuer.Open(_folder.FullName, "c1");
        File.WriteAllText(KeyFile, "rubbish");
        Assert.Contains(KeyFile, Assert.Throws<AgentRuntimeException>(() => DevIssuer.Open(_folder.FullName, "c1")).Message, StringComparison.Ordinal);
    }
}

using AgentRuntime.Aws.Payloads;
using AgentRuntime.Testing.Aws;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Payloads;

/// <summary>On moto.</summary>
public sealed class S3PayloadStoreTests(S3StandIn s3) : IAsyncLifetime
{
    private const string Key = "T/acme%2F/state/0123/5-abc";

    private ServiceProvider? _clients;
    private S3PayloadStore? _store;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private S3PayloadStore Store => _store!;

    public async ValueTask InitializeAsync()
    {
        _clients = await s3.ClientsAsync();
        var client = _clients.GetRequiredService<IAmazonS3>();
        _store = new S3PayloadStore(client, await S3StandIn.NewBucketAsync(client));
    }

    public async ValueTask DisposeAsync()
    {
        if (_clients is not null) await _clients.DisposeAsync();
    }

    [Fact]
    public async Task Put_5MegaBytesTwice_ComeBackWhole()
    {
        var content = new byte[5 << 20];
        new Random(1).NextBytes(content);
        await Store.PutAsync(Key, content, Stop);
        await Store.PutAsync(Key, content, Stop);
        Assert.Equal(content, (await Store.GetAsync(Key, content.Length, Stop))!.Value.ToArray());
        Assert.Null(await Store.GetAsync(Key.Replace("%2F", "/", StringComparison.Ordinal), content.Length, Stop));
    }

    [Fact]
    public async Task Get_MoreThanAllowed_Fails()
    {
        await Store.PutAsync(Key, new byte[1001], Stop);
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.GetAsync(Key, 1000, Stop));
        Assert.Equal(1001, (await Store.GetAsync(Key, 1001, Stop))!.Value.Length);
    }

    [Fact]
    public async Task Get_NothingThere_IsNull()
    {
        Assert.Null(await Store.GetAsync(Key, 1000, Stop));
        await Store.PutAsync(Key, new byte[1], Stop);
        await Store.DeleteAsync(Key, Stop);
        await Store.DeleteAsync(Key, Stop);
        Assert.Null(await Store.GetAsync(Key, 1000, Stop));
    }

    [Fact]
    public async Task Get_NoBucket_Fails()
    {
        var store = new S3PayloadStore(_clients!.GetRequiredService<IAmazonS3>(), "missing");
        Assert.Equal("NoSuchBucket", (await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => store.GetAsync(Key, 1000, Stop))).ErrorCode);
    }
}

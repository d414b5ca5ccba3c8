using System.Security.Cryptography;
using AgentRuntime.Artifacts;
using AgentRuntime.AwsStore.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Testing.Aws;
using AgentRuntime.Testing.Conformance;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.AwsStore.Artifacts;

/// <summary>On moto, which keeps no retention; see stand-ins in the README of tests.</summary>
public sealed class S3ArtifactStoreTests(S3StandIn s3) : ArtifactStoreConformance, IAsyncLifetime
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    private ServiceProvider? _clients;
    private string _bucket = "";
    private S3ArtifactStore? _store;

    private protected override IArtifactStore Store => _store!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IAmazonS3 Client => _clients!.GetRequiredService<IAmazonS3>();

    public async ValueTask InitializeAsync()
    {
        _clients = await s3.ClientsAsync();
        _bucket = await S3StandIn.NewBucketAsync(Client);
        _store = Open(kmsKey: null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_clients is not null) await _clients.DisposeAsync();
    }

    [Fact]
    public async Task GetAsync_ContentThatWasChanged_IsRefused()
    {
        var name = await Store.PutAsync(Acme, new byte[] { 1, 2, 3 }, Stop);
        await Client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = $"acme/{name}", ContentBody = "something else" }, Stop);

        await AssertCorruptedAsync(Acme, name);
    }

    [Fact]
    public async Task PutAsync_WithAKey_AsksForThatKey()
    {
        var name = await Open(kmsKey: "alias/agents").PutAsync(Acme, new byte[] { 1 }, Stop);

        var head = await Client.GetObjectMetadataAsync(_bucket, $"acme/{name}", Stop);
        Assert.Equal((ServerSideEncryptionMethod.AWSKMS, "alias/agents"), (head.ServerSideEncryptionMethod, head.ServerSideEncryptionKeyManagementServiceKeyId));
    }

    [Fact]
    public async Task DeleteAsync_BucketThatKeepsVersions_LeavesNone()
    {
        await Client.PutBucketVersioningAsync(new PutBucketVersioningRequest { BucketName = _bucket, VersioningConfig = new() { Status = VersionStatus.Enabled } }, Stop);
        var name = await Store.PutAsync(Acme, new byte[] { 1 }, Stop);

        Assert.True(await Store.DeleteAsync(Acme, name, Stop));

        Assert.Empty((await Client.ListVersionsAsync(_bucket, Stop)).Versions ?? []);
        await AssertCorruptedAsync(Acme, name);
    }

    [Fact]
    public async Task PutAsync_NoBucket_IsUnavailableAndNamesIt()
    {
        await Client.DeleteBucketAsync(_bucket, Stop);

        var failure = await Assert.ThrowsAsync<AgentRuntimeException>(() => Store.PutAsync(Acme, new byte[] { 1 }, Stop));

        Assert.Equal((ErrorCode.Unavailable, true), (failure.Code, failure.IsTransient));
        Assert.Contains(_bucket, failure.Message, StringComparison.Ordinal);
    }

    private S3ArtifactStore Open(string? kmsKey) => new(Client, new ArtifactNames(RandomNumberGenerator.GetBytes(ArtifactNames.KeyBytes)), new ArtifactBucket(_bucket, kmsKey), TimeProvider.System);
}

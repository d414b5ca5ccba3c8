using System.Collections.Concurrent;
using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.Isolation;

/// <summary>A client of S3 that serves tenant acme. What is sent is answered here.</summary>
public sealed class ObjectGateTests : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _arrived = [];
    private readonly ServiceProvider _clients;
    private readonly IAmazonS3 _s3;

    public ObjectGateTests()
    {
        _clients = new ServiceCollection().AddAws(options =>
        {
            (options.ServesTenant, options.NoTenant) = (tenant => tenant == "acme", "_host");
            (options.Region, options.Credentials) = ("eu-central-1", new BasicAWSCredentials("test", "test"));
            options.WrapHandler = inner => new Arrivals(inner, _arrived, HttpStatusCode.OK);
        }).BuildServiceProvider();
        _s3 = _clients.GetRequiredService<IAmazonS3>();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _clients.DisposeAsync();

    [Fact]
    public async Task S3_NamesOfItsTenantAndOfNobody_AreSent()
    {
        foreach (var key in new[] { "acme/0123", "T/acme/state/a/1-b", "T/_host/state/a/1-b" }) await _s3.DeleteObjectAsync("bucket", key, Stop);
        await _s3.ListVersionsAsync(new ListVersionsRequest { BucketName = "bucket", Prefix = "acme/0123" }, Stop);
        await _s3.HeadBucketAsync(new HeadBucketRequest { BucketName = "bucket" }, Stop);
        Assert.Equal(5, _arrived.Count);
    }

    [Theory]
    [InlineData("beta/0123")]
    [InlineData("T/beta/state/a/1-b")]
    [InlineData("T/acme%2Fx/1")]
    [InlineData("T/%61cme/1")]
    [InlineData("acme/../beta/1")]
    [InlineData("/beta/1")]
    [InlineData("/acme/1")]
    [InlineData("ACME/1")]
    [InlineData("acme")]
    [InlineData("x")]
    [InlineData("T/acme")]
    public async Task S3_NameOfAnother_IsStoppedBeforeItIsSent(string key)
    {
        Func<Task>[] plants =
        [
            () => _s3.GetObjectAsync("bucket", key),
            () => _s3.PutObjectAsync(new PutObjectRequest { BucketName = "bucket", Key = key, ContentBody = "x" }),
            () => _s3.DeleteObjectAsync("bucket", key),
            () => _s3.GetObjectMetadataAsync("bucket", key),
            () => _s3.PutObjectRetentionAsync(new PutObjectRetentionRequest { BucketName = "bucket", Key = key }),
            () => _s3.ListVersionsAsync(new ListVersionsRequest { BucketName = "bucket", Prefix = key }),
            () => _s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "bucket", Prefix = key }),
        ];
        foreach (var plant in plants) await Assert.ThrowsAsync<ForeignTenantException>(plant);
        Assert.Empty(_arrived);
    }

    [Fact]
    public async Task S3_RequestWhoseNamesCannotBeTold_IsStopped()
    {
        Func<Task>[] plants =
        [
            () => _s3.ListObjectsV2Async(new ListObjectsV2Request { BucketName = "bucket" }),
            () => _s3.ListVersionsAsync(new ListVersionsRequest { BucketName = "bucket" }),
            () => _s3.CopyObjectAsync("bucket", "beta/1", "bucket", "acme/1"),
            () => _s3.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = "bucket", Objects = [new KeyVersion { Key = "acme/1" }] }),
        ];
        foreach (var plant in plants) await Assert.ThrowsAsync<ForeignTenantException>(plant);
        Assert.Empty(_arrived);
    }
}

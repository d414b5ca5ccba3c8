using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using AgentRuntime.AwsStore;
using AgentRuntime.AwsStore.Artifacts;
using AgentRuntime.Common;
using AgentRuntime.Embedded.Artifacts;
using AgentRuntime.Tenants;
using AgentRuntime.Testing.Aws;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Aws.Tests.AwsStore.Artifacts;

/// <summary>What is asked of S3. Whether a lock holds only S3 can show: moto forgets what it is told of retention, and lets a strict one be shortened.</summary>
public sealed class ArtifactLockTests(S3StandIn s3) : IAsyncLifetime
{
    private const int MaxDays = 100;
    private static readonly TenantId Acme = TenantId.Parse("acme");
    private static readonly RetentionSettings Retention =
        new(30, [new ClassRetention("customer", 7), new ClassRetention("ledger", null), new ClassRetention("archive", 36_500), new ClassRetention("scratch", 0)]);

    private readonly ConcurrentQueue<HttpRequestMessage> _sent = [];
    private readonly ArtifactNames _names = new(RandomNumberGenerator.GetBytes(ArtifactNames.KeyBytes));
    private ServiceProvider? _clients;
    private string _bucket = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IAmazonS3 Client => _clients!.GetRequiredService<IAmazonS3>();

    public async ValueTask InitializeAsync()
    {
        _clients = await s3.ClientsAsync(options => options.WrapHandler = inner => new Log(inner, _sent));
        _bucket = $"locked-{Guid.NewGuid():N}";
        await Client.PutBucketAsync(new PutBucketRequest { BucketName = _bucket, ObjectLockEnabledForBucket = true }, Stop);
        _sent.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (_clients is not null) await _clients.DisposeAsync();
    }

    [Theory]
    [InlineData("", 30)]
    [InlineData("other", 30)]
    [InlineData("customer", 7)]
    [InlineData("ledger", MaxDays)]
    [InlineData("archive", MaxDays)]
    [InlineData("customer,ledger", 7)]
    public async Task PutAsync_ByClass_AsksForALockAsLongAsItIsKept(string classes, int days)
    {
        var before = TimeProvider.System.GetUtcNow();
        await Store(ObjectLockMode.Compliance).PutAsync(Acme, new byte[] { 1 }, classes.Split(',', StringSplitOptions.RemoveEmptyEntries), Stop);

        var put = Assert.Single(_sent);
        Assert.Equal("COMPLIANCE", Assert.Single(put.Headers.GetValues("x-amz-object-lock-mode")));
        Assert.InRange(Until(put) - before, TimeSpan.FromDays(days) - TimeSpan.FromSeconds(1), TimeSpan.FromDays(days) + TimeSpan.FromMinutes(5));
        Assert.Equal("*", Assert.Single(put.Headers.GetValues("If-None-Match")));
    }

    [Fact]
    public async Task PutAsync_ClassThatIsNotKept_IsNotLocked()
    {
        await Store(ObjectLockMode.Compliance).PutAsync(Acme, new byte[] { 1 }, ["scratch"], Stop);
        Assert.False(Assert.Single(_sent).Headers.Contains("x-amz-object-lock-mode"));
    }

    [Fact]
    public async Task PutAsync_NoLock_AsksForNone()
    {
        await new S3ArtifactStore(Client, _names, new ArtifactBucket(_bucket, null), TimeProvider.System).PutAsync(Acme, new byte[] { 1 }, ["customer"], Stop);
        Assert.False(Assert.Single(_sent).Headers.Contains("x-amz-object-lock-mode"));
    }

    [Theory]
    [InlineData("customer", "", true)]
    [InlineData("", "customer", false)]
    [InlineData("customer", "customer", false)]
    public async Task PutAsync_ContentThatIsThere_IsHeldLongerAndNeverShorter(string first, string second, bool isExtended)
    {
        var clock = new StandingTime();
        var store = Store(ObjectLockMode.Governance, clock);
        await store.PutAsync(Acme, new byte[] { 1 }, [first], Stop);
        _sent.Clear();
        await store.PutAsync(Acme, new byte[] { 1 }, [second], Stop);

        var extended = _sent.Where(request => request.Method == HttpMethod.Put && request.RequestUri!.Query.Contains("retention", StringComparison.Ordinal)).ToList();
        Assert.Equal(isExtended ? 1 : 0, extended.Count);
    }

    [Fact]
    public async Task RequireAsync_BucketWithoutLocks_IsRefusedByName()
    {
        var plain = await S3StandIn.NewBucketAsync(Client);
        var refusal = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => LockableBucket.RequireAsync(Client, new AwsStoreOptions { Bucket = plain, ObjectLock = ArtifactLockMode.Compliance }, Stop));
        Assert.Equal(ErrorCode.FailedPrecondition, refusal.Code);
        Assert.Contains("Aws:ObjectLock is compliance", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(plain, refusal.Message, StringComparison.Ordinal);

        await LockableBucket.RequireAsync(Client, new AwsStoreOptions { Bucket = plain }, Stop);
        await LockableBucket.RequireAsync(Client, new AwsStoreOptions { Bucket = _bucket, ObjectLock = ArtifactLockMode.Governance }, Stop);
    }

    private S3ArtifactStore Store(ObjectLockMode mode, TimeProvider? time = null) => new(
        Client,
        _names,
        new ArtifactBucket(_bucket, null, new ArtifactLock(mode, TimeSpan.FromDays(MaxDays), (_, _) => ValueTask.FromResult<RetentionSettings?>(Retention), time ?? TimeProvider.System)), TimeProvider.System);

    private static DateTimeOffset Until(HttpRequestMessage request) =>
        DateTimeOffset.Parse(Assert.Single(request.Headers.GetValues("x-amz-object-lock-retain-until-date")), CultureInfo.InvariantCulture);

    /// <summary>Stands still.</summary>
    private sealed class StandingTime : TimeProvider
    {
        private readonly DateTimeOffset _now = System.GetUtcNow();

        public override DateTimeOffset GetUtcNow() => _now;
    }

    private sealed class Log(HttpMessageHandler inner, ConcurrentQueue<HttpRequestMessage> sent) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            sent.Enqueue(request);
            return base.SendAsync(request, cancellationToken);
        }
    }
}

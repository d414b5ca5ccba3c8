using AgentRuntime.FrontDoor;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor;

public sealed class PatientWriterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();
    private readonly DefaultHttpContext _http = new();
    private readonly Reader _reader;
    private readonly PatientWriter<string> _writer;

    public PatientWriterTests()
    {
        _reader = new Reader();
        _http.Features.Set<IHttpRequestLifetimeFeature>(_reader);
        _writer = new PatientWriter<string>(_reader, _http, Patience, _time);
    }

    [Fact]
    public async Task WriteAsync_ToWhoReadsInTime_Ends()
    {
        var write = _writer.WriteAsync("a", TestContext.Current.CancellationToken);
        _time.Advance(Patience / 2);
        _reader.Written.SetResult();
        await write;
        _time.Advance(2 * Patience);
        Assert.False(_reader.IsAborted);
    }

    [Fact]
    public async Task WriteAsync_ToWhoDoesNotRead_BreaksTheStreamOff()
    {
        var write = _writer.WriteAsync("a", TestContext.Current.CancellationToken);
        _time.Advance(Patience - TimeSpan.FromSeconds(1));
        Assert.False(_reader.IsAborted);
        _time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<OperationCanceledException>(() => write.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.True(_reader.IsAborted);
    }

    [Fact]
    public async Task WriteAsync_ThatFails_SaysWhy()
    {
        var write = _writer.WriteAsync("a", TestContext.Current.CancellationToken);
        _reader.Written.SetException(new InvalidOperationException("broken"));
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidOperationException>(() => write)).Message);
    }

    /// <summary>Takes a message when the test says so; a write of what is aborted fails.</summary>
    private sealed class Reader : IServerStreamWriter<string>, IHttpRequestLifetimeFeature
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsAborted { get; private set; }

        public WriteOptions? WriteOptions { get; set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort()
        {
            IsAborted = true;
            Written.TrySetException(new IOException("aborted"));
        }

        public Task WriteAsync(string message) => Written.Task;

        public Task WriteAsync(string message, CancellationToken cancellationToken) => Written.Task;
    }
}

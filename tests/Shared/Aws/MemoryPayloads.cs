using System.Collections.Concurrent;
using AgentRuntime.Aws.Payloads;

namespace AgentRuntime.Testing.Aws;

/// <summary>Objects of a test.</summary>
internal sealed class MemoryPayloads : IPayloadStore
{
    public ConcurrentDictionary<string, byte[]> Objects { get; } = [];

    /// <summary>Runs before each read.</summary>
    public Action<string>? OnGet { get; set; }

    public Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        Objects[key] = content.ToArray();
        return Task.CompletedTask;
    }

    public Task<ReadOnlyMemory<byte>?> GetAsync(string key, int maxBytes, CancellationToken cancellation)
    {
        OnGet?.Invoke(key);
        return Task.FromResult(Objects.TryGetValue(key, out var content) ? content : default(ReadOnlyMemory<byte>?));
    }

    public Task DeleteAsync(string key, CancellationToken cancellation)
    {
        Objects.TryRemove(key, out _);
        return Task.CompletedTask;
    }
}

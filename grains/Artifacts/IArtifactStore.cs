using AgentRuntime.Common;

namespace AgentRuntime.Artifacts;

/// <summary>Content that is too large for a record, addressed by a keyed hash: two tenants never share a name, even for equal content.</summary>
internal interface IArtifactStore
{
    /// <summary>Stores content; durable when it returns. The same content of the same tenant gives the same name.</summary>
    /// <returns>The name within the tenant, <c>[a-z0-9]{1,64}</c>.</returns>
    /// <exception cref="AgentRuntimeException">StorageExhausted.</exception>
    Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>
    /// Stores content of a run whose agent handles these classes of data. A store that can hold content against deletion holds it as long as the tenant
    /// keeps such runs; others store it.
    /// </summary>
    /// <inheritdoc cref="PutAsync(TenantId, ReadOnlyMemory{byte}, CancellationToken)"/>
    Task<string> PutAsync(TenantId tenant, ReadOnlyMemory<byte> content, IReadOnlyList<string> dataClasses, CancellationToken cancellation) =>
        PutAsync(tenant, content, cancellation);

    /// <summary>The content.</summary>
    /// <exception cref="AgentRuntimeException">StorageCorrupted: it is not there, or is not what was stored.</exception>
    Task<byte[]> GetAsync(TenantId tenant, string name, CancellationToken cancellation);

    /// <summary>Destroys the content. False when it is not there.</summary>
    Task<bool> DeleteAsync(TenantId tenant, string name, CancellationToken cancellation);
}

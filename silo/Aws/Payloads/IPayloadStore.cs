namespace AgentRuntime.Aws.Payloads;

/// <summary>
/// Keeps what is too large for an item of DynamoDB or a message of SQS. Keys begin with the tenant. What is put under a key never changes: putting it
/// again puts the same bytes.
/// </summary>
public interface IPayloadStore
{
    /// <summary>Puts <paramref name="content"/> and returns once it can be read everywhere.</summary>
    Task PutAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Reads what was put; null when nothing is there.</summary>
    /// <exception cref="InvalidDataException">There are more than <paramref name="maxBytes"/> bytes.</exception>
    Task<ReadOnlyMemory<byte>?> GetAsync(string key, int maxBytes, CancellationToken cancellation);

    /// <summary>Deletes what was put; nothing there is no failure.</summary>
    Task DeleteAsync(string key, CancellationToken cancellation);
}

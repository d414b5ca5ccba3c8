using System.Globalization;
using Amazon.SQS.Model;

namespace AgentRuntime.Aws.Sqs.Queues;

/// <summary>
/// The entries of a batch. SQS answers for each by itself, within an answer that succeeds, so that the SDK does not send those again that failed.
/// </summary>
internal static class Entries
{
    private const int MaxAttempts = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static string Id(int index) => index.ToString(CultureInfo.InvariantCulture);

    public static int Index(string id) => int.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Sends a batch, and of it what SQS could not do, up to 4 times; what it then still could not, or does not want to, is <paramref name="refused"/>.</summary>
    public static async Task RepeatAsync<T>(
        IReadOnlyList<T> batch, TimeProvider time, Func<IReadOnlyList<T>, Task<List<BatchResultErrorEntry>?>> send, Action<T, BatchResultErrorEntry> refused,
        CancellationToken cancellation = default)
    {
        for (var attempt = 1; batch.Count > 0; attempt++)
        {
            List<T> again = [];
            foreach (var error in await send(batch) ?? [])
            {
                var entry = batch[Index(error.Id)];
                if (error.SenderFault == true || attempt == MaxAttempts) refused(entry, error);
                else again.Add(entry);
            }

            if (again.Count > 0) await Task.Delay(Pause * (1 << attempt), time, cancellation);
            batch = again;
        }
    }
}

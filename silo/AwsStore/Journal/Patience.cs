namespace AgentRuntime.AwsStore.Journal;

/// <summary>
/// How long a write that met another one is tried again: 12 times within about 4 s. Transactions that meet cancel each other, so each waits a
/// random while, the longer the more often it was refused.
/// </summary>
internal sealed class Patience(TimeProvider time)
{
    private const int MaxTries = 12;
    private const double FirstMilliseconds = 10;
    private const double MaxMilliseconds = 800;

    private int _tries;

    /// <summary>Waits. False when it has waited often enough.</summary>
    public async Task<bool> TryWaitAsync()
    {
        if (_tries++ == MaxTries) return false;
        var longest = Math.Min(FirstMilliseconds * Math.Pow(2, _tries), MaxMilliseconds);
        await Task.Delay(TimeSpan.FromMilliseconds(longest * (0.5 + Random.Shared.NextDouble() / 2)), time);
        return true;
    }
}

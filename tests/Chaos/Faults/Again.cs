namespace AgentRuntime.Chaos.Faults;

/// <summary>Does what whoever uses a provider does after a failure of AWS: tries again.</summary>
internal static class Again
{
    private const int MaxTries = 500;

    public static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> act)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await act();
            }
            catch (Exception failure) when (attempt < MaxTries && Oracle.IsPassing(failure))
            {
            }
        }
    }

    public static Task UntilAnsweredAsync(Func<Task> act) => UntilAnsweredAsync(async () =>
    {
        await act();
        return 0;
    });
}

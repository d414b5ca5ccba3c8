namespace AgentRuntime.Common;

/// <summary>Writes a grain's state before anyone can see it.</summary>
internal static class GrainStateWriter
{
    /// <summary>
    /// Makes <paramref name="next"/> the state once it is stored. When storing fails, nobody knows what the store holds: the activation keeps
    /// the old state, ends, and the next one reads.
    /// </summary>
    public static async Task CommitAsync<T>(this IPersistentState<T> state, T next, Grain grain)
    {
        var previous = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = previous;
            ((IGrainBase)grain).DeactivateOnIdle();
            throw;
        }
    }
}

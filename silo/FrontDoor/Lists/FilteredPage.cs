using AgentRuntime.FrontDoor.Names;

namespace AgentRuntime.FrontDoor.Lists;

/// <summary>Makes a page of what fits a filter out of pages of all there is.</summary>
internal static class FilteredPage
{
    /// <summary>What one call looks at, at most. A page that has found less by then is short, and the next one goes on from there.</summary>
    public const int MaxLookedAt = 1_000;

    /// <summary>The page that a request asks for, and the token of the next; empty when there is none.</summary>
    /// <param name="query">What is listed, for whom and by which filter: a token is good for the same alone.</param>
    /// <param name="pageSize">As the request says it.</param>
    /// <param name="pageToken">As the request says it.</param>
    /// <param name="readPage">Reads so many at most from a place on; gives the place of the next, or null when there is none.</param>
    /// <param name="matches">Whether an item is wanted.</param>
    /// <param name="cancellation">Ends it between two reads, and each read as far as that heeds it.</param>
    public static async Task<(IReadOnlyList<T> Items, string NextToken)> ReadAsync<T>(
        string query,
        int pageSize,
        string pageToken,
        Func<string?, int, CancellationToken, Task<(IReadOnlyList<T> Items, string? Next)>> readPage,
        Func<T, bool> matches,
        CancellationToken cancellation)
    {
        var (items, next) = await ReadAsync(PageToken.Size(pageSize), PageToken.Read(query, pageToken), readPage, matches, cancellation);
        return (items, next is null ? "" : PageToken.Write(query, next));
    }

    /// <param name="size">Items at most.</param>
    /// <param name="from">Where to begin; null for the first.</param>
    /// <param name="readPage">Reads so many at most from a place on; gives the place of the next, or null when there is none.</param>
    /// <param name="matches">Whether an item is wanted.</param>
    /// <param name="cancellation">Ends it between two reads, and each read as far as that heeds it.</param>
    public static async Task<(IReadOnlyList<T> Items, string? Next)> ReadAsync<T>(
        int size,
        string? from,
        Func<string?, int, CancellationToken, Task<(IReadOnlyList<T> Items, string? Next)>> readPage,
        Func<T, bool> matches,
        CancellationToken cancellation)
    {
        var found = new List<T>();
        for (var lookedAt = 0; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            var asked = size - found.Count;
            var (items, next) = await readPage(from, asked, cancellation);
            found.AddRange(items.Where(matches));
            lookedAt += asked;
            if (next is null || found.Count == size || lookedAt >= MaxLookedAt) return (found, next);
            from = next;
        }
    }
}

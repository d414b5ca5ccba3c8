using System.CommandLine;

namespace AgentRuntime.Cli;

/// <summary>Reads pages until there are enough lines.</summary>
internal static class Paging
{
    private const int PageSize = 200;
    private const int MaxLimit = 100_000;

    public static Option<int> Limit() => new("--limit") { Description = "Lines at most; default 100", DefaultValueFactory = _ => 100 };

    /// <summary>The limit, where it is one.</summary>
    /// <exception cref="CliException">It is none.</exception>
    public static int Require(int limit) =>
        limit is >= 1 and <= MaxLimit ? limit : throw new CliException(ExitCode.Usage, $"--limit {limit}: must be 1 to {MaxLimit}.");

    public static async Task<List<T>> ReadAsync<T>(int limit, Func<int, string, Task<(IEnumerable<T> Items, string Next)>> readPage)
    {
        Require(limit);
        var items = new List<T>();
        var token = "";
        do
        {
            var (page, next) = await readPage(Math.Min(PageSize, limit - items.Count), token);
            items.AddRange(page);
            token = next;
        }
        while (token.Length > 0 && items.Count < limit);
        return items;
    }
}

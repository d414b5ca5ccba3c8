using System.CommandLine;

namespace AgentRuntime.Cli;

/// <summary>Reads pages until there are enough lines.</summary>
internal static class Paging
{
    private const int PageSize = 200;
    private const int MaxLimit = 100_000;

    public static Option<int> Limit() => new("--limit") { Description = "Lines at most; default 100", DefaultValueFactory = _ => 100 };

    public static async Task<List<T>> ReadAsync<T>(int limit, Func<int, string, Task<(IEnumerable<T> Items, string Next)>> readPage)
    {
        if (limit is < 1 or > MaxLimit) throw new CliException(ExitCode.Usage, $"--limit {limit}: must be 1 to {MaxLimit}.");
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

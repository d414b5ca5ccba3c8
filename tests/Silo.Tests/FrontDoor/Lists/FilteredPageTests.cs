using System.Globalization;
using AgentRuntime.FrontDoor.Lists;

namespace AgentRuntime.Silo.Tests.FrontDoor.Lists;

public sealed class FilteredPageTests
{
    [Fact]
    public async Task ReadAsync_Pages_GiveEachThatFitsOnce()
    {
        var seen = new List<int>();
        string? from = null;
        do
        {
            (var items, from) = await FilteredPage.ReadAsync(3, from, Numbers(100), number => number % 7 == 0, TestContext.Current.CancellationToken);
            Assert.True(items.Count == 3 || from is null);
            seen.AddRange(items);
        }
        while (from is not null);
        Assert.Equal(Enumerable.Range(0, 100).Where(number => number % 7 == 0), seen);
    }

    [Fact]
    public async Task ReadAsync_NothingFits_LooksAtSoManyAndSaysWhereToGoOn()
    {
        var (items, next) = await FilteredPage.ReadAsync(50, null, Numbers(100_000), _ => false, TestContext.Current.CancellationToken);
        Assert.Empty(items);
        Assert.Equal($"{FilteredPage.MaxLookedAt - 1}", next);
    }

    [Fact]
    public async Task ReadAsync_CallerLeavesBetweenTwoReads_ReadsNoMore()
    {
        using var leave = new CancellationTokenSource();
        var reads = 0;
        var numbers = Numbers(100_000);

        await Assert.ThrowsAsync<OperationCanceledException>(() => FilteredPage.ReadAsync(
            50,
            null,
            async (after, limit, cancellation) =>
            {
                Assert.Equal(leave.Token, cancellation);
                if (++reads == 2) await leave.CancelAsync();
                return await numbers(after, limit, cancellation);
            },
            _ => false,
            leave.Token));

        Assert.Equal(2, reads);
    }

    private static Func<string?, int, CancellationToken, Task<(IReadOnlyList<int> Items, string? Next)>> Numbers(int count) => (after, limit, _) =>
    {
        var first = after is null ? 0 : int.Parse(after, CultureInfo.InvariantCulture) + 1;
        var items = Enumerable.Range(first, Math.Min(limit, count - first)).ToList();
        return Task.FromResult<(IReadOnlyList<int>, string?)>((items, first + items.Count < count ? $"{items[^1]}" : null));
    };
}

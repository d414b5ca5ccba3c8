using System.Runtime.CompilerServices;

namespace AgentRuntime.Client;

/// <summary>Reads a list page after page, each only once it is wanted.</summary>
internal static class Pages
{
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Func<string, CancellationToken, Task<(IEnumerable<T> Items, string Next)>> readPage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var token = "";
        do
        {
            var (items, next) = await readPage(token, cancellationToken);
            foreach (var item in items) yield return item;
            token = next;
        }
        while (token.Length > 0);
    }
}

using System.Runtime.CompilerServices;
using System.Text;

namespace AgentRuntime.Cli.Runs;

/// <summary>Reads a text file line by line without ever holding more than a bounded line.</summary>
internal static class BoundedLines
{
    private const int BufferChars = 32 * 1024;

    /// <exception cref="FormatException">A line has more than <paramref name="maxChars"/> characters.</exception>
    public static async IAsyncEnumerable<string> ReadAsync(string path, int maxChars, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(path);
        var line = new StringBuilder();
        var buffer = new char[BufferChars];
        int read;
        while ((read = await reader.ReadAsync(buffer.AsMemory(), cancellation)) > 0)
        {
            for (var at = 0; at < read;)
            {
                var end = Array.IndexOf(buffer, '\n', at, read - at);
                var stop = end < 0 ? read : end;
                line.Append(buffer, at, stop - at);
                if (line.Length > maxChars) throw new FormatException($"a line has more than {maxChars} characters");
                at = stop + 1;
                if (end < 0) continue;
                yield return line.ToString();
                line.Clear();
            }
        }

        if (line.Length > 0) yield return line.ToString();
    }
}

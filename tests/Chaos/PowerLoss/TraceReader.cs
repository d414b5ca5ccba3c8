using System.Globalization;

namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>Reads what strace wrote: calls begin and end, those of other threads between.</summary>
internal static class TraceReader
{
    private const string Unfinished = " <unfinished ...>";

    /// <summary>The calls in order, each once when it begins and once when it ends.</summary>
    public static IEnumerable<(Syscall Call, bool Ended)> Read(string file)
    {
        var open = new Dictionary<string, Syscall>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(file))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var thread = line[..space];
            var text = line[space..].TrimStart();
            if (text.StartsWith("<... ", StringComparison.Ordinal))
            {
                if (!open.Remove(thread, out var resumed))
                    continue;

                Finish(resumed, text);
                yield return (resumed, true);
                continue;
            }

            var parenthesis = text.IndexOf('(', StringComparison.Ordinal);
            if (parenthesis <= 0 || text[0] is '+' or '-')
                continue;

            var call = new Syscall(text[..parenthesis]);
            var isOpen = text.EndsWith(Unfinished, StringComparison.Ordinal);
            Split(isOpen ? text[(parenthesis + 1)..^Unfinished.Length] : text[(parenthesis + 1)..], call.Arguments);
            yield return (call, false);
            if (isOpen)
            {
                open[thread] = call;
                continue;
            }

            Finish(call, text);
            yield return (call, true);
        }
    }

    private static readonly System.Buffers.SearchValues<char> NumberChars = System.Buffers.SearchValues.Create("-0123456789");

    private static void Finish(Syscall call, string text)
    {
        call.WasSwallowed = text.EndsWith("(INJECTED)", StringComparison.Ordinal);
        var equals = text.LastIndexOf(" = ", StringComparison.Ordinal);
        var result = text[(equals + 3)..];
        var length = result.AsSpan().IndexOfAnyExcept(NumberChars);
        call.Result = long.TryParse(length < 0 ? result : result[..length], CultureInfo.InvariantCulture, out var number) ? number : -1;
    }

    /// <summary>Everything in strings and names is escaped, so that a comma outside of brackets always separates.</summary>
    private static void Split(string text, List<string> arguments)
    {
        var begin = 0;
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '[' or '(')
                depth++;
            else if (depth > 0 && text[i] is '}' or ']' or ')')
                depth--;
            else if (depth == 0 && text[i] is ',' or ')')
            {
                arguments.Add(text[begin..i].Trim());
                begin = i + 1;
                if (text[i] == ')')
                    return;
            }
        }

        if (begin < text.Length)
            arguments.Add(text[begin..].Trim());
    }
}

namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>One call of the traced process. Arguments are as strace prints them, strings and paths as hex escapes.</summary>
internal sealed class Syscall(string name)
{
    public string Name { get; } = name;

    public List<string> Arguments { get; } = [];

    /// <summary>What it returned; negative for an error.</summary>
    public long Result { get; set; } = -1;

    /// <summary>The call was swallowed: it answered and did nothing.</summary>
    public bool WasSwallowed { get; set; }

    /// <summary>Where a sync stood when it began; see <see cref="Disk"/>.</summary>
    public long Mark { get; set; }

    public bool IsSync => Name is "fsync" or "fdatasync";

    /// <summary>The bytes of a string argument.</summary>
    public byte[] BytesAt(int index) => Unescape(Between(Arguments[index], '"', '"'));

    public long NumberAt(int index) => long.Parse(Arguments[index], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The path behind a descriptor; null when the file has no name any more.</summary>
    public string? DescriptorAt(int index) =>
        Arguments[index].EndsWith('>') ? System.Text.Encoding.UTF8.GetString(Unescape(Between(Arguments[index], '<', '>'))) : null;

    /// <summary>The path given as a string argument, relative to the folder in the argument before it if there is one.</summary>
    public string PathAt(int index)
    {
        var path = System.Text.Encoding.UTF8.GetString(BytesAt(index));
        return Path.IsPathRooted(path) || index == 0 ? path : Path.Combine(DescriptorAt(index - 1)!, path);
    }

    private static ReadOnlySpan<char> Between(string text, char first, char last)
    {
        var begin = text.IndexOf(first, StringComparison.Ordinal) + 1;
        return text.AsSpan(begin, text.LastIndexOf(last) - begin);
    }

    /// <summary>Turns <c>\x61\x62</c> into bytes.</summary>
    private static byte[] Unescape(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length / 4];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = byte.Parse(text.Slice((4 * i) + 2, 2), System.Globalization.NumberStyles.HexNumber, null);
        return bytes;
    }
}

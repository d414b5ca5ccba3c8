namespace AgentRuntime.Tools.JsonSchema;

/// <summary>
/// Which members or items of the values being checked a subschema has evaluated, for unevaluatedProperties and unevaluatedItems (2020-12
/// core, 11). Only the value whose subschemas are at work is open; a failed alternative takes its marks back.
/// </summary>
internal sealed class EvaluatedMarks
{
    private ulong[] _words = new ulong[32];
    private int _used;
    private Frame _open;

    /// <summary>Whether anybody asks about the value that is being checked.</summary>
    public bool IsOpen => _open.Length > 0;

    /// <summary>Begins a set for a value with <paramref name="count"/> members or items; returns what <see cref="Close"/> takes.</summary>
    public Frame Open(int count)
    {
        var outer = _open;
        _open = new Frame(_used, (count >> 6) + 1);
        Reserve(_open.Length).Clear();
        return outer;
    }

    /// <summary>Ends a set. A set that was open on the same value gets its marks.</summary>
    public void Close(Frame outer)
    {
        var inner = Words(_open);
        for (var i = 0; i < outer.Length; i++)
            _words[outer.Start + i] |= inner[i];
        _used = _open.Start;
        _open = outer;
    }

    /// <summary>Turns to another value, about which nobody has asked yet; returns what <see cref="Return"/> takes.</summary>
    public Frame Suspend()
    {
        var outer = _open;
        _open = default;
        return outer;
    }

    public void Return(Frame outer) => _open = outer;

    /// <summary>Remembers the open set before an alternative is tried; returns what <see cref="Keep"/> and <see cref="TakeBack"/> take.</summary>
    public int Save()
    {
        var at = _used;
        Reserve(_open.Length);
        Words(_open).CopyTo(_words.AsSpan(at));
        return at;
    }

    /// <summary>The alternative held: its marks stay.</summary>
    public void Keep(int saved) => _used = saved;

    /// <summary>The alternative failed: its marks go.</summary>
    public void TakeBack(int saved)
    {
        _words.AsSpan(saved, _open.Length).CopyTo(Words(_open));
        _used = saved;
    }

    public void Mark(int index)
    {
        if (_open.Length > 0)
            _words[_open.Start + (index >> 6)] |= 1UL << index;
    }

    public void MarkAll() => Words(_open).Fill(ulong.MaxValue);

    public bool IsMarked(int index) => (_words[_open.Start + (index >> 6)] & (1UL << index)) != 0;

    private Span<ulong> Words(Frame frame) => _words.AsSpan(frame.Start, frame.Length);

    private Span<ulong> Reserve(int count)
    {
        if (_used + count > _words.Length)
            Array.Resize(ref _words, Math.Max(_words.Length * 2, _used + count));
        var words = _words.AsSpan(_used, count);
        _used += count;
        return words;
    }

    /// <summary>The place of one set; empty when nobody asks.</summary>
    internal readonly record struct Frame(int Start, int Length);
}

using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The names that a closed object may hold: those of its subschema and of all that apply in place with it.</summary>
internal sealed class ClosedObject(IReadOnlyList<string> names, IReadOnlyList<Regex> patterns)
{
    private readonly NameTable _names = new(names);

    public bool Allows(ReadOnlySpan<byte> name, ref Evaluation e)
    {
        if (_names.Find(name) >= 0)
            return true;
        if (patterns.Count == 0)
            return false;
        var text = Encoding.UTF8.GetString(name);
        return e.Spend(patterns.Count * (1 + (text.Length / 64))) && patterns.Any(p => p.IsMatch(text));
    }

    /// <summary>Checks the names of an object whose own subschema says nothing about members.</summary>
    public bool CheckAll(in JsonElement value, ref Evaluation e)
    {
        var ok = true;
        foreach (var member in value.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            if (name.Contains((byte)'\\'))
                name = MemberName.Unescape(member);
            if (Allows(name, ref e))
                continue;
            if (!e.Collecting)
                return false;
            e.Push(Encoding.UTF8.GetString(name));
            ok = e.Fail("additionalProperties", "is not a known member");
            e.Pop();
        }

        return ok;
    }
}

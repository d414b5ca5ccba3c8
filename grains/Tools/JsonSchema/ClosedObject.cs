using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace AgentRuntime.Tools.JsonSchema;

/// <summary>The names that a closed object may hold: those of its subschema and of all that apply in place with it.</summary>
internal sealed class ClosedObject(IReadOnlyList<string> names, IReadOnlyList<SchemaPattern> patterns)
{
    private readonly NameTable _names = new(names);

    public bool Allows(ReadOnlySpan<byte> name, ref Evaluation e) =>
        _names.Find(name) >= 0 || (patterns.Count > 0 && MatchesAny(Encoding.UTF8.GetString(name), ref e));

    /// <summary>Checks the names of an object whose own subschema says nothing about members.</summary>
    public bool CheckAll(in JsonElement value, ref Evaluation e)
    {
        var ok = true;
        foreach (var member in value.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            if (e.HasEscapes && name.Contains((byte)'\\'))
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

    private bool MatchesAny(string name, ref Evaluation e)
    {
        foreach (var pattern in patterns)
        {
            if (e.Spend(pattern.Steps(name.Length)) && pattern.IsMatch(name))
                return true;
        }

        return false;
    }
}

using AgentRuntime.Common;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace AgentRuntime.FrontDoor.Lists;

/// <summary>A filter over messages as they stand on the wire: texts and enums are the same or not, times are compared.</summary>
internal static class MessageFilter
{
    private static readonly string[] SameOrNot = ["=", "!="];

    /// <summary>Whether a message fits the filter.</summary>
    /// <param name="filter">The filter; empty fits all.</param>
    /// <param name="message">The kind of message.</param>
    /// <param name="fields">The fields that a filter may name; a dot leads into a message.</param>
    /// <exception cref="InvalidInputException">The filter cannot be read, or names a field, an operator or a value that there is not.</exception>
    public static Func<IMessage, bool> Compile(string filter, MessageDescriptor message, params string[] fields)
    {
        var terms = FilterText.Parse(filter).Select(term => Compile(term, message, fields)).ToList();
        return found => terms.TrueForAll(holds => holds(found));
    }

    private static Func<IMessage, bool> Compile(FilterTerm term, MessageDescriptor message, string[] fields)
    {
        if (!fields.Contains(term.Field)) throw FilterText.Refused($"names {term.Field}; it may name {string.Join(", ", fields)}.");
        var path = term.Field.Split('.');
        var owner = message;
        foreach (var step in path[..^1]) owner = owner.FindFieldByName(step).MessageType;
        var field = owner.FindFieldByName(path[^1]);
        var holds = Compile(term, field);
        return found => holds(field.Accessor.GetValue(path[..^1].Aggregate(found, (inner, step) => (IMessage)inner.Descriptor.FindFieldByName(step).Accessor.GetValue(inner))));
    }

    private static Func<object?, bool> Compile(FilterTerm term, FieldDescriptor field)
    {
        if (field.FieldType == FieldType.Message)
        {
            var time = Timestamp.FromDateTimeOffset(FilterValue.Time(term));
            return value => value is Timestamp found && FilterValue.Holds(term, found.CompareTo(time));
        }

        FilterValue.Require(term, SameOrNot);
        if (field.FieldType == FieldType.Enum)
        {
            var number = EnumNumber(term, field.EnumType);
            return value => FilterValue.Holds(term, (int)value! - number);
        }

        // A resource is named in full or by its id.
        return value => FilterValue.Holds(term, IsNamed((string)value!, term.Value) ? 0 : 1);
    }

    private static bool IsNamed(string name, string wanted) =>
        name == wanted || (!wanted.Contains('/', StringComparison.Ordinal) && name.StartsWith("tenants/", StringComparison.Ordinal) && name[(name.LastIndexOf('/') + 1)..] == wanted);

    /// <summary>The number of an enum's value by its name, with or without what all of its names begin with.</summary>
    public static int EnumNumber(FilterTerm term, EnumDescriptor @enum)
    {
        const string Nothing = "UNSPECIFIED";
        var prefix = @enum.Values[0].Name[..^Nothing.Length];
        var found = @enum.Values.FirstOrDefault(value => value.Number != 0 && (value.Name == term.Value || value.Name == prefix + term.Value));
        var names = @enum.Values.Where(value => value.Number != 0).Select(value => value.Name[prefix.Length..]);
        return found?.Number ?? throw FilterText.Refused($"has '{term.Value}' as {term.Field}; write one of {string.Join(", ", names)}.");
    }
}

using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentRuntime.Common.Yaml;

/// <summary>
/// Reads YAML from outside. Only maps, lists and texts: anchors, aliases and tags are refused, because they make a short text large or
/// mean what the reader does not see. Keys of a map are distinct.
/// </summary>
internal static class YamlText
{
    /// <summary>The documents of a text, in order.</summary>
    /// <exception cref="InvalidInputException">It is no YAML, or beyond <see cref="YamlLimits"/>; the message begins with line and column.</exception>
    public static IReadOnlyList<YamlValue> Read(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) > YamlLimits.MaxBytes)
            throw new InvalidInputException("yaml", $"must be at most {YamlLimits.MaxBytes} bytes. Split it into several files.");
        try
        {
            return new Reader(new Parser(new StringReader(text))).ReadDocuments();
        }
        catch (YamlException malformed)
        {
            throw Place(malformed.Start).Refuse($"is no valid YAML: {FirstLine(malformed.Message)}");
        }
    }

    private static YamlPlace Place(Mark mark) => new(mark.Line, mark.Column);

    private static string FirstLine(string message)
    {
        var line = message.AsSpan(0, message.AsSpan().IndexOfAny('\r', '\n') is var end and >= 0 ? end : message.Length);
        return line.Length > 300 ? $"{line[..300]}..." : line.ToString();
    }

    private sealed class Reader(Parser parser)
    {
        private int _nodes;

        public List<YamlValue> ReadDocuments()
        {
            var documents = new List<YamlValue>();
            parser.Consume<StreamStart>();
            while (!parser.TryConsume<StreamEnd>(out _))
            {
                var start = parser.Consume<DocumentStart>();
                if (documents.Count >= YamlLimits.MaxDocuments)
                    throw Place(start.Start).Refuse($"has more than {YamlLimits.MaxDocuments} documents. Split it into several files.");
                var document = ReadValue(1);
                parser.Consume<DocumentEnd>();
                // An empty document is what a trailing '---' leaves.
                if (document is not YamlScalar { IsNull: true }) documents.Add(document);
            }

            return documents;
        }

        private YamlValue ReadValue(int depth)
        {
            var at = Place(parser.Current!.Start);
            if (depth > YamlLimits.MaxDepth) throw at.Refuse($"is nested deeper than {YamlLimits.MaxDepth} levels.");
            if (++_nodes > YamlLimits.MaxNodes) throw at.Refuse($"has more than {YamlLimits.MaxNodes} values.");
            RefuseIndirection(at);
            if (parser.TryConsume<Scalar>(out var scalar)) return new YamlScalar(at, scalar.Value, scalar.Style is ScalarStyle.Plain);
            return parser.TryConsume<SequenceStart>(out _) ? ReadList(at, depth) : ReadMap(at, depth);
        }

        private YamlList ReadList(YamlPlace at, int depth)
        {
            var items = new List<YamlValue>();
            while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadValue(depth + 1));
            return new YamlList(at, items);
        }

        private YamlMap ReadMap(YamlPlace at, int depth)
        {
            parser.Consume<MappingStart>();
            var entries = new List<YamlEntry>();
            var seen = new Dictionary<string, YamlPlace>(StringComparer.Ordinal);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                if (ReadValue(depth + 1) is not YamlScalar key) throw at.Refuse("has a key that is no text.");
                if (!seen.TryAdd(key.Text, key.Place))
                    throw key.Place.Refuse($"key '{Shown.Text(key.Text)}' is there twice, first in line {seen[key.Text].Line}. Remove one.");
                entries.Add(new YamlEntry(key.Text, key.Place, ReadValue(depth + 1)));
            }

            return new YamlMap(at, entries);
        }

        private void RefuseIndirection(YamlPlace at)
        {
            if (parser.Current is AnchorAlias alias)
                throw at.Refuse($"alias '*{Shown.Text(alias.Value.Value)}' is refused. Write the value out.");
            if (parser.Current is not NodeEvent node) return;
            if (!node.Anchor.IsEmpty) throw at.Refuse($"anchor '&{Shown.Text(node.Anchor.Value)}' is refused. Write the value out.");
            if (!node.Tag.IsEmpty) throw at.Refuse($"tag '{Shown.Text(node.Tag.Value)}' is refused. Leave it out.");
        }
    }
}

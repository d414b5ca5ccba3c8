using System.Text.Json.Nodes;
using Google.Protobuf;
using Spectre.Console;

namespace AgentRuntime.Cli.Output;

/// <summary>Prints what verbs found: tables for people, or one JSON object a line.</summary>
internal sealed class Printer
{
    private const int PipeWidth = 200;

    private readonly TextWriter _out;
    private readonly IAnsiConsole _console;

    public Printer(TextWriter output, bool json)
    {
        _out = output;
        Json = json;
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (Console.IsOutputRedirected) _console.Profile.Width = PipeWidth;
    }

    public bool Json { get; }

    /// <summary>Prints a list.</summary>
    public void List<T>(IReadOnlyCollection<T> items, string none, params (string Title, Func<T, string> Cell)[] columns)
        where T : IMessage
    {
        if (Json)
        {
            foreach (var item in items) _out.WriteLine(JsonLine.Of(item));
            return;
        }

        if (items.Count == 0)
        {
            _out.WriteLine(none);
            return;
        }

        var table = new Table().Border(TableBorder.None);
        foreach (var (title, _) in columns) table.AddColumn(new TableColumn($"[bold]{title}[/]").PadRight(2));
        foreach (var item in items) table.AddRow(columns.Select(column => Cell(column.Cell(item))).ToArray());
        _console.Write(table);
    }

    /// <summary>Prints one thing.</summary>
    public void One(IMessage message, params (string Title, string? Value)[] rows)
    {
        if (Json) _out.WriteLine(JsonLine.Of(message));
        else Rows(rows);
    }

    /// <summary>Prints one thing that is no message.</summary>
    public void One(JsonObject json, params (string Title, string? Value)[] rows)
    {
        if (Json) _out.WriteLine(JsonLine.Of(json));
        else Rows(rows);
    }

    /// <summary>Prints one line of a stream.</summary>
    public void Line(IMessage message, string text)
    {
        _out.WriteLine(Json ? JsonLine.Of(message) : text);
        _out.Flush();
    }

    private void Rows((string Title, string? Value)[] rows)
    {
        var shown = rows.Where(row => !string.IsNullOrEmpty(row.Value)).ToArray();
        var width = shown.Max(row => row.Title.Length) + 2;
        foreach (var (title, value) in shown)
        {
            var lines = Safe.Lines(value).Split('\n');
            _out.WriteLine($"{title.PadRight(width)}{lines[0]}");
            foreach (var line in lines.Skip(1)) _out.WriteLine($"{new string(' ', width)}{line}");
        }
    }

    private static string Cell(string text) => Markup.Escape(Safe.Text(text, Safe.MaxCellChars));
}

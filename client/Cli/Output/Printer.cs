using System.Text.Json.Nodes;
using Google.Protobuf;
using Spectre.Console;

namespace AgentRuntime.Cli.Output;

/// <summary>Prints what verbs found: tables for people, one JSON object a line, or YAML documents. Whatever is printed is made safe for a terminal here.</summary>
internal sealed class Printer
{
    private const int PipeWidth = 200;

    private readonly TextWriter _out;
    private readonly IAnsiConsole _console;
    private readonly IAnsiConsole _lines;

    public Printer(TextWriter output, OutputForm form)
    {
        _out = output;
        Form = form;
        _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

        // The terminal breaks long lines, so that they can be copied whole.
        _lines = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        _lines.Profile.Width = int.MaxValue / 4;
        if (Console.IsOutputRedirected) _console.Profile.Width = PipeWidth;
    }

    public OutputForm Form { get; }

    public bool IsTable => Form == OutputForm.Table;

    /// <summary>Prints a list.</summary>
    public void List<T>(IReadOnlyCollection<T> items, string none, params (string Title, Func<T, string> Cell)[] columns)
        where T : IMessage
    {
        if (!IsTable)
        {
            foreach (var item in items) Value(JsonLine.NodeOf(item));
            return;
        }

        if (items.Count == 0)
        {
            _out.WriteLine(Safe.Text(none));
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
        if (IsTable) Rows(rows);
        else Value(JsonLine.NodeOf(message));
    }

    /// <summary>Prints one thing that is no message.</summary>
    public void One(JsonObject json, params (string Title, string? Value)[] rows)
    {
        if (IsTable) Rows(rows);
        else Value(json);
    }

    /// <summary>Prints one line of a stream.</summary>
    public void Line(IMessage message, string text)
    {
        if (IsTable) _out.WriteLine(Safe.Lines(text));
        else Value(JsonLine.NodeOf(message));
        _out.Flush();
    }

    /// <summary>Prints one line of a stream in a colour, on a terminal.</summary>
    public void Line(IMessage message, string text, Color colour)
    {
        if (IsTable && !Console.IsOutputRedirected) _lines.WriteLine(Safe.Text(text), new Style(colour));
        else Line(message, text);
    }

    private void Value(JsonNode value) => _out.WriteLine(Form == OutputForm.Json ? JsonLine.Of(value) : $"---\n{YamlText.Of(value)}");

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

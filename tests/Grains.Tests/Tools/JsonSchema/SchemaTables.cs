using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Tools.JsonSchema;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema;

/// <summary>Files of schemas, documents and verdicts: our own, and the official suite where it lies beside the checkout.</summary>
internal static class SchemaTables
{
    private static readonly DirectoryInfo Root = FindUp(new DirectoryInfo(AppContext.BaseDirectory), d => File.Exists(Path.Combine(d.FullName, "Orleans.sln")))
        ?? throw new DirectoryNotFoundException("The tests do not run inside the checkout.");

    private static readonly string? SuiteFolder = FindUp(Root, d => Directory.Exists(Suite(d))) is { } beside ? Suite(beside) : null;

    public static IReadOnlyList<string> Own { get; } = Files(Path.Combine(SourceFolder, "Tables"));

    /// <summary>The files of the official suite; none where it does not lie beside the checkout.</summary>
    public static IReadOnlyList<string> Official { get; } = SuiteFolder is { } folder
        ? [.. Files(Path.Combine(folder, "tests", "draft2020-12")), .. Files(Path.Combine(folder, "tests", "draft2020-12", "optional"))]
        : [];

    public static string SourceFolder => Path.Combine(Root.FullName, "tests", "Grains.Tests", "Tools", "JsonSchema");

    // What the suite says is served under this address.
    private static Dictionary<Uri, string> Documents { get; } = SuiteFolder is null ? [] : Files(Path.Combine(SuiteFolder, "remotes"), SearchOption.AllDirectories)
        .ToDictionary(file => new Uri("http://localhost:1234/" + Path.GetRelativePath(Path.Combine(SuiteFolder, "remotes"), file)), File.ReadAllText);

    /// <summary>Runs every case of a file whose schema is accepted.</summary>
    public static SchemaTableResult Run(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var result = new SchemaTableResult([], [], 0);
        foreach (var group in document.RootElement.EnumerateArray())
        {
            var title = $"{Path.GetFileNameWithoutExtension(file)}: {group.GetProperty("description").GetString()}";
            JsonSchemaValidator validator;
            try
            {
                validator = JsonSchemaValidator.Compile(group.GetProperty("schema").GetRawText(), "schema", ObjectPolicy.Open, Documents);
            }
            catch (InvalidInputException e)
            {
                result.Refused.Add($"{title}: {e.Message}");
                continue;
            }

            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                result = result with { Passed = result.Passed + 1 };
                var data = test.GetProperty("data");
                var expected = test.GetProperty("valid").GetBoolean();
                if (validator.IsValid(data) != expected || (validator.Validate(data).Count == 0) != expected)
                    result.Wrong.Add($"{title}: {test.GetProperty("description").GetString()}: expected {(expected ? "valid" : "invalid")}");
            }
        }

        return result with { Passed = result.Passed - result.Wrong.Count };
    }

    private static string[] Files(string folder, SearchOption depth = SearchOption.TopDirectoryOnly) =>
        [.. Directory.EnumerateFiles(folder, "*.json", depth).Order(StringComparer.Ordinal)];

    private static string Suite(DirectoryInfo folder) => Path.Combine(folder.FullName, "shared", "data", "json-schema-test-suite");

    private static DirectoryInfo? FindUp(DirectoryInfo? from, Func<DirectoryInfo, bool> isIt)
    {
        while (from is not null && !isIt(from))
            from = from.Parent;
        return from;
    }
}

internal sealed record SchemaTableResult(List<string> Wrong, List<string> Refused, int Passed);

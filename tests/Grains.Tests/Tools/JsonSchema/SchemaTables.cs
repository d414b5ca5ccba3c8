using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Tools.JsonSchema;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema;

/// <summary>Files of schemas, documents and verdicts: our own, and the official suite where it lies beside the checkout.</summary>
internal static class SchemaTables
{
    public static IEnumerable<string> Own => Directory.EnumerateFiles(Path.Combine(Root.FullName, "tests", "Grains.Tests", "Tools", "JsonSchema", "Tables"), "*.json");

    public static IEnumerable<string> Official => SuiteFolder is { } folder
        ? Directory.EnumerateFiles(folder, "*.json").Concat(Directory.EnumerateFiles(Path.Combine(folder, "optional"), "*.json"))
        : [];

    private static DirectoryInfo Root { get; } = FindUp(new DirectoryInfo(AppContext.BaseDirectory), d => File.Exists(Path.Combine(d.FullName, "Orleans.sln")))
        ?? throw new DirectoryNotFoundException("The tests do not run inside the checkout.");

    private static string? SuiteFolder { get; } =
        FindUp(Root, d => Directory.Exists(Suite(d))) is { } beside ? Path.Combine(Suite(beside), "tests", "draft2020-12") : null;

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
                validator = JsonSchemaValidator.Compile(group.GetProperty("schema").GetRawText(), "schema", ObjectPolicy.Open);
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

    private static string Suite(DirectoryInfo folder) => Path.Combine(folder.FullName, "shared", "data", "json-schema-test-suite");

    private static DirectoryInfo? FindUp(DirectoryInfo? from, Func<DirectoryInfo, bool> isIt)
    {
        while (from is not null && !isIt(from))
            from = from.Parent;
        return from;
    }
}

internal sealed record SchemaTableResult(List<string> Wrong, List<string> Refused, int Passed);

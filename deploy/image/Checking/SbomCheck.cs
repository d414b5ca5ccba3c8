using System.Text.Json.Nodes;
using AgentRuntime.Image.Debian;

namespace AgentRuntime.Image.Checking;

/// <summary>Compares what the document lists with what the image's own files say that it consists of.</summary>
internal static class SbomCheck
{
    public static void Run(JsonNode document, RootCheck root, Findings findings)
    {
        var packages = document["packages"]!.AsArray();
        var listed = packages.Select(package => ((string)package!["name"]!, (string)package["versionInfo"]!)).ToHashSet();
        var present = Present(root).ToHashSet();
        findings.Packages = packages.Count;
        findings.Require(present.Count > 0, "The image does not say what it consists of.");
        foreach (var (name, version) in present.Except(listed)) findings.Faults.Add($"The document does not list {name} {version}.");
        foreach (var (name, version) in listed.Except(present).Where(package => package.Item1 != "agent-runtime-silo")) findings.Faults.Add($"The document lists {name} {version}, which is not in the image.");
        foreach (var package in packages)
        {
            findings.Require((string?)package!["licenseDeclared"] is { Length: > 0 } license && license != "NOASSERTION", $"The document knows no licence of {package["name"]}.");
            findings.Require(package["checksums"] is not null || (string?)package["name"] == "agent-runtime-silo", $"The document knows no hash of {package["name"]}.");
        }
    }

    private static IEnumerable<(string Name, string Version)> Present(RootCheck root)
    {
        foreach (var (path, text) in root.Texts)
        {
            if (!path.EndsWith(".deps.json", StringComparison.Ordinal))
            {
                var fields = ControlFields.Parse(text);
                yield return (fields["Package"], fields["Version"]);
                continue;
            }

            foreach (var (name, library) in JsonNode.Parse(text)!["libraries"]!.AsObject())
            {
                if ((string?)library!["type"] is not ("package" or "runtimepack")) continue;
                var words = name.Split('/');
                yield return (words[0].Replace("runtimepack.", "", StringComparison.Ordinal), words[1]);
            }
        }
    }
}

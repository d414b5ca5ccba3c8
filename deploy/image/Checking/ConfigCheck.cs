using System.Text.Json.Nodes;

namespace AgentRuntime.Image.Checking;

/// <summary>Whom the image runs as, and what.</summary>
internal static class ConfigCheck
{
    public static void Run(JsonNode config, RootCheck root, Findings findings)
    {
        var user = ((string?)config["User"] ?? "").Split(':');
        findings.Require(user.Length == 2 && user.All(id => int.TryParse(id, out var number) && number > 0), $"User '{config["User"]}' is no pair of numbers above 0: an engine that forbids root cannot know.");
        var program = (string?)config["Entrypoint"]?[0] ?? "";
        findings.Require(root.Programs.Contains(program.TrimStart('/')), $"The entry point '{program}' is no program in the image.");
        foreach (var volume in config["Volumes"]?.AsObject() ?? [])
            findings.Require(root.Folders.GetValueOrDefault(volume.Key.TrimStart('/'), -1).ToString(System.Globalization.CultureInfo.InvariantCulture) == user[0], $"The volume '{volume.Key}' is no folder of user {user[0]}.");
        foreach (var variable in config["Env"]?.AsArray() ?? [])
            findings.Require(!((string)variable!).Contains("SECRET", StringComparison.OrdinalIgnoreCase) && !((string)variable!).Contains("TOKEN", StringComparison.OrdinalIgnoreCase), $"The variable '{variable}' looks like a secret.");
        foreach (var label in new[] { "title", "version", "revision", "created", "licenses" })
            findings.Require((string?)config["Labels"]?[$"org.opencontainers.image.{label}"] is { Length: > 0 }, $"The label org.opencontainers.image.{label} is missing.");
    }
}

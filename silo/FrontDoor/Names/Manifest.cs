using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Names;

/// <summary>A resource that was sent as YAML.</summary>
internal static class Manifest
{
    /// <summary>The one resource of a manifest, whose id is the one that the request names if it names one.</summary>
    /// <exception cref="InvalidInputException">Too large, malformed, more than one resource, or of another id.</exception>
    public static T Single<T>(string yaml, string requestedId, string idField, Func<string, IReadOnlyList<T>> parse, Func<T, string> idOf)
    {
        Input.Text(yaml, "manifest", FrontDoorLimits.MaxManifestBytes);
        var parsed = parse(yaml);
        if (parsed.Count != 1) throw new InvalidInputException("manifest", $"holds {parsed.Count} documents; send them one by one.");
        var id = idOf(parsed[0]);
        if (requestedId.Length == 0 || requestedId == id) return parsed[0];
        IdFormat.Require(requestedId, idField);
        throw new InvalidInputException(idField, $"is another than the manifest's name '{id}'; leave it out.");
    }
}

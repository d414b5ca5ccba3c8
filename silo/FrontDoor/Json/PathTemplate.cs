using Google.Api;

namespace AgentRuntime.FrontDoor.Json;

/// <summary>
/// A path of a protobuf, such as <c>/v1/{name=tenants/*/runs/*}:cancel</c>, with a parameter for each star, named for the collection before it:
/// <c>/v1/tenants/{tenant}/runs/{run}:cancel</c>.
/// </summary>
/// <param name="Verb">The HTTP method in lower case.</param>
/// <param name="Path">The path.</param>
/// <param name="Parameters">Its parameters in order.</param>
/// <param name="BoundField">The field that they make up together, as the protobuf names it; null when there is none.</param>
internal sealed record PathTemplate(string Verb, string Path, IReadOnlyList<string> Parameters, string? BoundField)
{
    public static PathTemplate Of(HttpRule rule)
    {
        var (verb, pattern) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("get", rule.Get),
            HttpRule.PatternOneofCase.Post => ("post", rule.Post),
            HttpRule.PatternOneofCase.Put => ("put", rule.Put),
            HttpRule.PatternOneofCase.Patch => ("patch", rule.Patch),
            _ => ("delete", rule.Delete),
        };
        var open = pattern.IndexOf('{', StringComparison.Ordinal);
        if (open < 0) return new PathTemplate(verb, pattern, [], null);
        var close = pattern.IndexOf('}', open);
        var binding = pattern[(open + 1)..close].Split('=');
        var segments = binding[1].Split('/');
        var parameters = new List<string>();
        for (var i = 1; i < segments.Length; i += 2)
        {
            // tenants/* is the tenant.
            parameters.Add(segments[i - 1][..^1]);
            segments[i] = $"{{{parameters[^1]}}}";
        }

        return new PathTemplate(verb, pattern[..open] + string.Join('/', segments) + pattern[(close + 1)..], parameters, binding[0]);
    }

    /// <summary>What a path says of the bound field: <c>tenants/acme/runs/r1</c>.</summary>
    public string ValueIn(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(2 * Parameters.Count);
        return string.Join('/', segments).Split(':')[0];
    }
}

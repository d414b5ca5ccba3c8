using AgentRuntime.Common;

namespace AgentRuntime.Models.OpenAI;

/// <summary>What <see cref="OpenAIModelOptions"/> may say.</summary>
internal static class OpenAIModelRules
{
    /// <exception cref="InvalidInputException">An option is wrong; the message names its key and the fix.</exception>
    public static void Check(string name, OpenAIModelOptions options)
    {
        IdFormat.Require(name, OpenAIModelOptions.SectionName);
        var hasKey = options.ApiKeyVariable is not null || options.ApiKeyFile is not null;
        Require(name, nameof(options.Endpoint), IsEndpoint(options.Endpoint, out var endpoint), "must be an http or https address without user, query or fragment, such as http://127.0.0.1:11434/v1");
        Require(
            name,
            nameof(options.Endpoint),
            !hasKey || endpoint!.Scheme == Uri.UriSchemeHttps || endpoint.IsLoopback,
            "must be https, because a key is sent to it");
        Require(name, nameof(options.Model), !string.IsNullOrWhiteSpace(options.Model), "is missing: the model as the endpoint calls it");
        Require(
            name, nameof(options.ApiKeyFile), options.ApiKeyFile is null || Path.IsPathFullyQualified(options.ApiKeyFile), "must be an absolute path");
        Require(
            name,
            nameof(options.ApiKeyFile),
            options.ApiKeyFile is null || options.ApiKeyVariable is null,
            $"and {nameof(options.ApiKeyVariable)} are both set; take one away");
        Require(name, nameof(options.MaxOutputTokens), options.MaxOutputTokens is null or (>= 1 and <= 1_000_000), "must be 1 to 1000000");
        Require(name, nameof(options.NetworkTimeoutSeconds), options.NetworkTimeoutSeconds is >= 1 and <= 3_600, "must be 1 to 3600 seconds");
        Require(
            name,
            nameof(options.MaxResponseBytes),
            options.MaxResponseBytes is >= 64 * 1024 and <= 256 * 1024 * 1024,
            "must be 65536 to 268435456 bytes");
    }

    private static bool IsEndpoint(string text, out Uri? endpoint) =>
        Uri.TryCreate(text, UriKind.Absolute, out endpoint) && endpoint is { Query: "", Fragment: "", UserInfo: "" }
        && (endpoint.Scheme == Uri.UriSchemeHttps || endpoint.Scheme == Uri.UriSchemeHttp);

    private static void Require(string name, string key, bool holds, string otherwise)
    {
        if (!holds) throw new InvalidInputException($"{OpenAIModelOptions.SectionName}:{name}:{key}", $"{otherwise}.");
    }
}

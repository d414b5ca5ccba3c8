using AgentRuntime.Common;

namespace AgentRuntime.Models.OpenAI;

/// <summary>The key of one endpoint, read when it is needed.</summary>
internal sealed class ApiKey(string model, OpenAIModelOptions options)
{
    public const int MaxFileBytes = 64 * 1024;

    /// <summary>The key; null when the endpoint needs none.</summary>
    /// <exception cref="AgentRuntimeException">FailedPrecondition, naming the model and where its key is looked for.</exception>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellation)
    {
        if (options.ApiKeyVariable is { } variable) return Require(Environment.GetEnvironmentVariable(variable), $"the environment variable {variable}");
        return options.ApiKeyFile is { } path ? Require(await ReadFileAsync(path, cancellation), $"the file {path}") : null;
    }

    private static async Task<string?> ReadFileAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, Length: <= MaxFileBytes } ? (await File.ReadAllTextAsync(path, cancellation)).TrimEnd('\r', '\n') : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string Require(string? key, string place) => !string.IsNullOrEmpty(key) && !key.Any(char.IsControl)
        ? key
        : throw new AgentRuntimeException(ErrorCode.FailedPrecondition, $"model {model}: {place} cannot be read or holds no key in one line.");
}

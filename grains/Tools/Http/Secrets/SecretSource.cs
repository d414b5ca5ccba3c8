using AgentRuntime.Common;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Tools.Http.Secrets;

/// <summary>
/// Secrets by their bare name, within one tenant: <c>AGENTRT_SECRET__{TENANT}__{NAME}</c> in the environment, else a file. Read at the last
/// moment and kept nowhere.
/// </summary>
internal sealed class SecretSource(IOptions<SecretOptions> options)
{
    public const string Prefix = "secret:";
    public const int MaxFileBytes = 64 * 1024;

    /// <summary>The name of a reference <c>secret:NAME</c>; null when the text is no reference.</summary>
    public static string? NameOf(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : null;

    /// <exception cref="AgentRuntimeException">FailedPrecondition, naming the secret and where it is looked for.</exception>
    public async ValueTask<string> ResolveAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        IdFormat.Require(name, "secret");
        var variable = VariableFor(tenant, name);
        var value = (variable is null ? null : Environment.GetEnvironmentVariable(variable)) ?? await ReadFileAsync(tenant, name, cancellation);
        if (string.IsNullOrEmpty(value))
            throw new AgentRuntimeException(
                ErrorCode.FailedPrecondition,
                $"Secret '{name}' of tenant '{tenant}' is not set; put it into {variable ?? "a file"} or into {{Secrets:Folder}}/{tenant}/{name}.");
        return value.Any(char.IsControl)
            ? throw new AgentRuntimeException(ErrorCode.FailedPrecondition, $"Secret '{name}' of tenant '{tenant}' holds control characters.")
            : value;
    }

    // Dashes become underscores; with dashes at an edge or doubled, the names of two tenants could meet in one variable.
    internal static string? VariableFor(TenantId tenant, string name) =>
        IsPlain(tenant.Value) && IsPlain(name) ? $"AGENTRT_SECRET__{Upper(tenant.Value)}__{Upper(name)}" : null;

    private static bool IsPlain(string id) => id[0] != '-' && id[^1] != '-' && !id.Contains("--", StringComparison.Ordinal);

    private static string Upper(string id) => id.ToUpperInvariant().Replace('-', '_');

    private async Task<string?> ReadFileAsync(TenantId tenant, string name, CancellationToken cancellation)
    {
        if (options.Value.Folder is not { Length: > 0 } folder)
            return null;
        var file = new FileInfo(Path.Combine(folder, tenant.Value, name));
        if (!file.Exists)
            return null;
        return file.Length > MaxFileBytes
            ? throw new AgentRuntimeException(ErrorCode.FailedPrecondition, $"Secret '{name}' of tenant '{tenant}' is larger than {MaxFileBytes} bytes.")
            : (await File.ReadAllTextAsync(file.FullName, cancellation)).TrimEnd('\r', '\n');
    }
}

using System.Text.Json;

namespace AgentRuntime.Cli.Session;

/// <summary>
/// The stored login: <c>agentruntime/login.json</c> in the user's configuration folder, readable by nobody else. Any number of agentctl read and write it:
/// what is there is always whole, and who writes holds the lock beside it.
/// </summary>
internal static class LoginFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerOptions.Web) { WriteIndented = true };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static string Path => System.IO.Path.Combine(ConfigFolder(), "agentruntime", "login.json");

    public static StoredLogin? Read()
    {
        try
        {
            return File.Exists(Path) ? JsonSerializer.Deserialize<StoredLogin>(File.ReadAllBytes(Path), Format) : null;
        }
        catch (JsonException)
        {
            throw new CliException(ExitCode.Usage, $"{Path}: is no login; run agentctl login again.");
        }
    }

    /// <summary>Stores a login in the place of whichever is there.</summary>
    public static async Task WriteAsync(StoredLogin login, TimeProvider time, CancellationToken cancellation)
    {
        using var writing = await LockAsync(time, cancellation);
        Write(login);
    }

    /// <summary>Stores a renewed login, unless another one than <paramref name="before"/> is there by now: a newer one, or somebody else's.</summary>
    public static async Task ReplaceAsync(OidcLogin before, OidcLogin renewed, TimeProvider time, CancellationToken cancellation)
    {
        using var writing = await LockAsync(time, cancellation);
        if (Read()?.Oidc == before) Write(new StoredLogin(null, renewed));
    }

    private static Task<IDisposable> LockAsync(TimeProvider time, CancellationToken cancellation) => FileLock.TakeAsync($"{Path}.lock", Patience, time, cancellation);

    private static void Write(StoredLogin login)
    {
        var draft = $"{Path}.{Environment.ProcessId}";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, login, Format);
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, Path, overwrite: true);
    }

    private static string ConfigFolder() => Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } xdg
        ? xdg
        : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
}

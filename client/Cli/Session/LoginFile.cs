using System.Text.Json;

namespace AgentRuntime.Cli.Session;

/// <summary>The stored login: <c>agentruntime/login.json</c> in the user's configuration folder, readable by nobody else.</summary>
internal static class LoginFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerOptions.Web) { WriteIndented = true };

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

    public static void Write(StoredLogin login)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var draft = $"{Path}.{Environment.ProcessId}";
        File.Delete(draft);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(file, login, Format);
        }

        File.Move(draft, Path, overwrite: true);
    }

    private static string ConfigFolder() => Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } xdg
        ? xdg
        : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify);
}

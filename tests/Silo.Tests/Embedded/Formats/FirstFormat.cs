using System.IO.Compression;
using AgentRuntime.Runs;
using AgentRuntime.Silo.Tests.Runs;

namespace AgentRuntime.Silo.Tests.Embedded.Formats;

/// <summary>The data folder that the first version left, see the README beside it.</summary>
internal static class FirstFormat
{
    public const string Completed = "request-1";
    public const string Asked = "request-2";
    public const string Paused = "request-3";
    public const string WaitsForInput = "request-4";
    public const string Unknown = "request-5";

    public static readonly IReadOnlyList<string> Requests = [Completed, Asked, Paused, WaitsForInput, Unknown];

    /// <summary>Lays a copy of it down at <paramref name="path"/>, for its owner only.</summary>
    public static void Unpack(string path)
    {
        ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Embedded", "Formats", "format-1.zip"), path);
        if (OperatingSystem.IsWindows()) return;
        foreach (var folder in Directory.EnumerateDirectories(path, "*", SearchOption.AllDirectories).Append(path))
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public static RunKey Run(string request) => new(RunCast.Tenant, RunIds.FromRequest(RunCast.Tenant, request));
}

using System.ComponentModel;
using System.Diagnostics;

namespace AgentRuntime.Testing;

/// <summary>
/// The npm packages of <c>tests/Node</c>, installed as its lock file says when they are first needed.
/// </summary>
internal static partial class NodePackages
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly Lazy<Task<string?>> Installed = new(InstallAsync);

    /// <summary>The folder with the installed packages; null where there is no npm.</summary>
    public static Task<string?> FindAsync() => Installed.Value;

    /// <summary>The absolute path of node; a program that is started without environment finds nothing by name.</summary>
    public static string Program() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "node.exe" : "node")).First(File.Exists);

    private static async Task<string?> InstallAsync()
    {
        var folder = Path.Combine(RepositoryRoot(), "tests", "Node");
        var modules = Path.Combine(folder, "node_modules");
        var mark = Path.Combine(modules, ".installed");
        var wanted = await File.ReadAllTextAsync(Path.Combine(folder, "package-lock.json"));

        // Test projects run side by side: one installs, the others wait for it.
        await using var gate = await LockAsync(Path.Combine(folder, ".install-lock"));
        if (File.Exists(mark) && await File.ReadAllTextAsync(mark) == wanted)
        {
            return modules;
        }

        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            using var deadline = new CancellationTokenSource(Patience);
            var output = npm.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = await npm.StandardError.ReadToEndAsync(deadline.Token);
            await npm.WaitForExitAsync(deadline.Token);
            if (npm.ExitCode != 0)
            {
                throw new InvalidOperationException($"npm ci in tests/Node ended with {npm.ExitCode}. {await output} {error}");
            }
        }
        catch (Win32Exception)
        {
            return null;
        }

        await File.WriteAllTextAsync(mark, wanted);
        return modules;
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
            }
            catch (IOException) when (!deadline.IsCancellationRequested)
            {
                await Task.Delay(100);
            }
        }
    }

    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"Orleans.sln lies in no folder above {AppContext.BaseDirectory}; run the tests from a checkout.");
    }
}

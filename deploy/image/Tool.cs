using System.ComponentModel;
using System.Diagnostics;

namespace AgentRuntime.Image;

/// <summary>Programs of the machine.</summary>
internal static class Tool
{
    private const int MaxShown = 4_000;

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    /// <exception cref="ImageException">It is not there, or failed; the message holds the end of what it printed.</exception>
    public static async Task<string> RunAsync(string folder, string program, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        using var process = Start(folder, program, arguments);
        var output = process.StandardOutput.ReadToEndAsync(cancellation);
        await EndAsync(process, program, async () => await output, cancellation);
        return await output;
    }

    /// <summary>Runs a program and hands on what it prints, as it is.</summary>
    public static async Task ReadAsync(string folder, string program, IEnumerable<string> arguments, Func<Stream, Task> read, CancellationToken cancellation)
    {
        using var process = Start(folder, program, arguments);
        var reading = read(process.StandardOutput.BaseStream);
        await EndAsync(process, program, async () =>
        {
            await reading;
            return "";
        }, cancellation);
    }

    private static Process Start(string folder, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // What a build leaves running for the next one would keep files of a folder that is deleted.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "true";
        start.Environment["DOTNET_NOLOGO"] = "true";
        start.Environment["LC_ALL"] = "C.UTF-8";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new ImageException($"The program '{program}' is not on the PATH. Building the image needs the .NET SDK, git, apt-get and dpkg-deb, as Debian 12 has them.");
        }
    }

    private static async Task EndAsync(Process process, string program, Func<Task<string>> output, CancellationToken cancellation)
    {
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            var printed = await output();
            var told = await errors;
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode == 0) return;
            var all = (printed + told).Trim();
            throw new ImageException($"{program} {process.StartInfo.ArgumentList[0]} ended with {process.ExitCode}: {(all.Length > MaxShown ? all[^MaxShown..] : all)}");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}

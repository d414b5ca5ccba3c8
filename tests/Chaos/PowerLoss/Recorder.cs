using System.Diagnostics;
using System.Globalization;

namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>Runs the workload in a process of its own under strace.</summary>
internal static class Recorder
{
    private const string Calls =
        "openat,creat,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,ftruncate,fallocate,copy_file_range,sendfile,"
        + "rename,renameat,renameat2,link,linkat,symlink,unlink,unlinkat,mkdir,mkdirat,rmdir";

    /// <summary>More than the largest single write of the workload: strace must not cut it off.</summary>
    private const int MaxStringBytes = 1 << 20;

    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(3);

    public static async Task RecordAsync(PowerLossOptions options, string data, string acknowledgements, string trace, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("strace") { RedirectStandardError = true };
        string[] arguments =
        [
            "-f", "-y", "-xx", "--seccomp-bpf", "-s", MaxStringBytes.ToString(CultureInfo.InvariantCulture), "-o", trace, "-e", $"trace={Calls}",
            .. options.Plant == Plants.NoFsync ? ["-e", "inject=fsync,fdatasync:retval=0"] : Array.Empty<string>(),
            Path.Combine(AppContext.BaseDirectory, "AgentRuntime.Chaos"), PowerLossWorkloadVerb.Name,
            data, acknowledgements, options.Appends.ToString(CultureInfo.InvariantCulture), options.Seed.ToString(CultureInfo.InvariantCulture),
            (options.Plant == Plants.ArtifactAfterRecord).ToString(),
        ];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        using var process = Start(start);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(MaxTime);
        try
        {
            var errors = await process.StandardError.ReadToEndAsync(deadline.Token);
            await process.WaitForExitAsync(deadline.Token);
            if (process.ExitCode != 0)
                throw new HarnessException($"The recorded workload ended with {process.ExitCode}: {errors}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new HarnessException($"strace cannot be started ({failure.Message}): install it, for example with apt-get install strace.");
        }
    }
}

/// <summary>The harness itself failed: it says nothing about the store.</summary>
internal sealed class HarnessException(string message) : Exception(message);

namespace AgentRuntime.Testing.Aws;

internal static partial class PythonPackages
{
    /// <summary>The program to run; skips the calling test where there is none.</summary>
    public static async Task<string> RequireAsync()
    {
        var (python, reason) = await FindAsync();
        Assert.SkipWhen(python is null, reason);
        return python!;
    }
}

namespace AgentRuntime.Testing;

internal static partial class NodePackages
{
    /// <summary>The folder with the installed packages; skips the calling test where there is no npm.</summary>
    public static async Task<string> RequireAsync()
    {
        var folder = await FindAsync();
        Assert.SkipWhen(folder is null, "npm is not on the PATH, and this test needs programs from npm. Install Node.js.");
        return folder!;
    }
}

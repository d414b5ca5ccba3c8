using AgentRuntime.Hosting.Commands;

namespace AgentRuntime;

/// <summary>The silo as a program. Whoever references the library sees nothing of it.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => SiloCommandLine.RunAsync(ServeCommand.Create(), args);
}

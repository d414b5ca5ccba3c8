using AgentRuntime.Testing;

namespace AgentRuntime.EndToEnd.Tests.Cli.Terminals;

/// <summary>Where a person's agentctl is and keeps its login.</summary>
internal sealed class TerminalPlace : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public TerminalPlace(string data)
    {
        Data = data;
        Directory.CreateDirectory(Config);
        Directory.CreateDirectory(Bin);
        var program = Path.Combine(Bin, "agentctl");
        File.WriteAllText(program, $"#!/bin/sh\nexec dotnet exec '{Path.Combine(AppContext.BaseDirectory, "agentctl.dll")}' \"$@\"\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Data { get; }

    public string Bin => _folder.At("bin");

    public string Config => _folder.At("config");

    public void Dispose() => _folder.Dispose();
}

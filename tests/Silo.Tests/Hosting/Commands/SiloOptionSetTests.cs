using System.CommandLine;
using AgentRuntime.Common;
using AgentRuntime.Demo;
using AgentRuntime.Hosting.Commands;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.Hosting.Commands;

public sealed class SiloOptionSetTests
{
    [Theory]
    [InlineData("demo", "--data", "x", "--grpc-port", "7")]
    [InlineData("--data", "x", "--grpc-port", "7", "demo")]
    [InlineData("--data", "x", "demo", "--grpc-port", "7")]
    public void Read_OptionsOnEitherSideOfTheVerb_AreTheSame(params string[] arguments)
    {
        var options = new SiloOptionSet();
        var root = new RootCommand();
        options.AddTo(root);
        root.Subcommands.Add(DemoCommand.Create(options));
        var parsed = root.Parse(arguments);

        Assert.Empty(parsed.Errors);
        Assert.Equal("demo", parsed.CommandResult.Command.Name);
        var read = options.Read(parsed);
        Assert.Equal(("x", 7), (read.DataFolder, read.GrpcPort));
    }

    [Fact]
    public void Settings_FileOfSettings_IsReadAndTheCommandLineWins()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.Path);
        var file = folder.At("settings.json");
        File.WriteAllText(file, """{ "Silo": { "GrpcPort": 7, "HttpPort": 8 }, "Mcp": { "MaxConnections": 3 } }""");
        var (options, parsed) = Parse("--settings", file, "--http-port", "9");

        Assert.Equal("3", options.Settings(parsed)["Mcp:MaxConnections"]);
        Assert.Equal((7, 9), (options.Read(parsed).GrpcPort, options.Read(parsed).HttpPort));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{ not json")]
    public void Settings_FileThatCannotBeRead_IsNamed(string? content)
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder.Path);
        var file = folder.At("settings.json");
        if (content is not null) File.WriteAllText(file, content);
        var (options, parsed) = Parse("--settings", file);

        var refused = Assert.Throws<AgentRuntimeException>(() => options.Settings(parsed));

        Assert.Equal(ErrorCode.InvalidArgument, refused.Code);
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
    }

    private static (SiloOptionSet Options, ParseResult Parsed) Parse(params string[] arguments)
    {
        var options = new SiloOptionSet();
        var root = new RootCommand();
        options.AddTo(root);
        return (options, root.Parse(arguments));
    }
}

using System.CommandLine;
using AgentRuntime.Demo;
using AgentRuntime.Hosting.Commands;

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
}

using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.EndToEnd.Tests.Packages;

/// <summary>The program of the AWS library's README, word for word, from the packages alone, on DynamoDB Local.</summary>
public sealed class AwsLibraryTests(PackedLibraries libraries)
{
    [Fact]
    public async Task Program_RunAgain_CountsOn()
    {
        await using var server = await DynamoDbLocal.StartAsync(await NodePackages.RequireAsync());
        Assert.SkipWhen(server is null, "java is not on the PATH, and DynamoDB Local needs it. Install Java 17.");
        var source = Repository.ProgramOf("silo/Aws/README.md", "## A silo that counts");
        var folder = await libraries.MakeProjectAsync("aws-silo", source, "AgentRuntime.Aws", ("Microsoft.Orleans.Server", Repository.VersionOf("Microsoft.Orleans.Server")));
        var program = await libraries.BuildAsync(folder);
        var ports = FreePorts.Take(2);
        var environment = new Dictionary<string, string>
        {
            ["Aws__DynamoDbEndpoint"] = server!.Endpoint.AbsoluteUri,
            ["AWS_ACCESS_KEY_ID"] = "test",
            ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["Orleans__Endpoints__SiloPort"] = $"{ports[0]}",
            ["Orleans__Endpoints__GatewayPort"] = $"{ports[1]}",
        };

        var (exitCode, refused) = await Dotnet.TryAsync(folder, environment, "exec", program);
        Assert.NotEqual(0, exitCode);
        Assert.Contains("create-tables", refused, StringComparison.Ordinal);
        await Dotnet.RunAsync(folder, environment, "exec", program, "create-tables");
        Assert.Contains("Visit 1", await Dotnet.RunAsync(folder, environment, "exec", program), StringComparison.Ordinal);
        Assert.Contains("Visit 2", await Dotnet.RunAsync(folder, environment, "exec", program), StringComparison.Ordinal);
    }
}

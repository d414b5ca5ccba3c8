using System.Text.Json.Nodes;
using AgentRuntime.Image.Checking;

namespace AgentRuntime.EndToEnd.Tests.Image;

public sealed class ConfigCheckTests
{
    private const string Good = """
        {
          "User": "65532:65532", "Entrypoint": ["/app/AgentRuntime.Silo"], "Env": ["PATH=/app"], "Volumes": { "/data": {} },
          "Labels": {
            "org.opencontainers.image.title": "t", "org.opencontainers.image.version": "v", "org.opencontainers.image.revision": "r", "org.opencontainers.image.created": "c",
            "org.opencontainers.image.licenses": "l"
          }
        }
        """;

    [Fact]
    public void Run_OnAConfigurationAsItShouldBe_FindsNothing() => Assert.Empty(Faults(JsonNode.Parse(Good)!));

    [Theory]
    [InlineData("0:0")]
    [InlineData("65532:0")]
    [InlineData("65532")]
    [InlineData("root")]
    [InlineData("nonroot:nonroot")]
    [InlineData("")]
    public void Run_OnAUserThatMayBeRoot_NamesIt(string user)
    {
        var config = JsonNode.Parse(Good)!;
        config["User"] = user;
        Assert.Contains(Faults(config), fault => fault.StartsWith($"User '{user}' is no pair of numbers above 0", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_WithoutAUser_SaysSo()
    {
        var config = JsonNode.Parse(Good)!;
        config.AsObject().Remove("User");
        Assert.Contains(Faults(config), fault => fault.StartsWith("User '' is no pair", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_OnAVariableLikeASecretAndAMissingLabel_NamesBoth()
    {
        var config = JsonNode.Parse(Good)!;
        config["Env"]!.AsArray().Add("API_TOKEN=x");
        config["Labels"]!.AsObject().Remove("org.opencontainers.image.revision");
        Assert.Equal(["The variable 'API_TOKEN=x' looks like a secret.", "The label org.opencontainers.image.revision is missing."], Faults(config));
    }

    private static List<string> Faults(JsonNode config)
    {
        var findings = new Findings();
        var root = new RootCheck(findings, DateTimeOffset.UnixEpoch);
        root.Programs.Add("app/AgentRuntime.Silo");
        root.Folders["data"] = 65532;
        ConfigCheck.Run(config, root, findings);
        return findings.Faults;
    }
}

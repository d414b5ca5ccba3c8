using AgentRuntime.Hosting;

namespace AgentRuntime.Silo.Tests.Hosting;

public sealed class SiloHostOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_Succeeds() => Assert.True(Validate(new SiloHostOptions()).Succeeded);

    [Theory]
    [InlineData("GrpcPort", "--grpc-port")]
    [InlineData("HttpPort", "--http-port")]
    [InlineData("SiloPort", "--silo-port")]
    [InlineData("PortOffset", "--port-offset")]
    [InlineData("StopTimeoutSeconds", "Change it")]
    public void Validate_NumberOutOfRange_NamesKeyAndFix(string key, string fix)
    {
        foreach (var value in new[] { -1, 70_000 })
        {
            var options = new SiloHostOptions();
            typeof(SiloHostOptions).GetProperty(key)!.SetValue(options, value);
            var failure = Assert.Single(Validate(options).Failures!, text => text.StartsWith($"Silo:{key} ", StringComparison.Ordinal));
            Assert.Contains(fix, failure, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Validate_OffsetBeyondThePorts_Fails() =>
        Assert.True(Validate(new SiloHostOptions { SiloPort = 60_000, PortOffset = 6_000 }).Failed);

    [Fact]
    public void Validate_SamePortTwice_NamesBoth()
    {
        var failure = Assert.Single(Validate(new SiloHostOptions { GrpcPort = 5000, HttpPort = 5000 }).Failures!);
        Assert.Contains("GrpcPort and HttpPort", failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Big")]
    [InlineData("a/b")]
    [InlineData("")]
    public void Validate_MalformedId_Fails(string id)
    {
        Assert.True(Validate(new SiloHostOptions { ServiceId = id }).Failed);
        Assert.True(Validate(new SiloHostOptions { ClusterId = id }).Failed);
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(SiloHostOptions options) =>
        new SiloHostOptionsValidator().Validate(null, options);
}

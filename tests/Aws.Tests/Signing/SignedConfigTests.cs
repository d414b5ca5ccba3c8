using AgentRuntime.Aws.Signing;
using Amazon;
using Amazon.Runtime.Endpoints;

namespace AgentRuntime.Aws.Tests.Signing;

/// <summary>Where requests go when nothing says it.</summary>
public sealed class SignedConfigTests
{
    [Theory]
    [InlineData("eu-central-1", "https://events.eu-central-1.amazonaws.com")]
    [InlineData("cn-north-1", "https://events.cn-north-1.amazonaws.com.cn")]
    public void DetermineServiceOperationEndpoint_Region_IsItsOwn(string region, string endpoint)
    {
        var config = new SignedConfig("events") { RegionEndpoint = RegionEndpoint.GetBySystemName(region) };
        Assert.Equal(endpoint, config.DetermineServiceOperationEndpoint(new ServiceOperationEndpointParameters(null)).URL);
    }
}

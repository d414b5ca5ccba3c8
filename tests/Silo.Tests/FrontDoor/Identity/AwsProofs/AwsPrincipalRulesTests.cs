using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using AgentRuntime.FrontDoor.Identity.Issuers;
using Microsoft.Extensions.Configuration;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.AwsProofs;

public sealed class AwsPrincipalRulesTests
{
    private static readonly string[] Good =
    [
        "AwsPrincipals:app:Role=arn:aws:iam::123456789012:role/team/app", "AwsPrincipals:app:Tenants:0=acme", "AwsPrincipals:app:Roles:0=agent",
        "AwsPrincipals:ops:Role=arn:aws-us-gov:iam::123456789012:role/ops", "AwsPrincipals:ops:Platform=true",
        "Sts:Regions:0=eu-central-1", "Sts:Regions:1=us-gov-west-1", "Sts:Regions:2=cn-north-1", "Sts:Hosts:0=sts-fips.us-east-1.amazonaws.com", "Sts:Hosts:1=sts.eu-west-1.api.aws", "Sts:Endpoint=http://127.0.0.1:5000",
    ];

    [Fact]
    public void Read_GoodSettings_NameRolesAndHosts()
    {
        var principals = Read(Good);
        Assert.Equal("app", principals.OfSession("arn:aws:sts::123456789012:assumed-role/app/x", "123456789012")?.Key);
        Assert.Null(principals.OfSession("arn:aws:sts::123456789012:assumed-role/ops/x", "123456789012"));
        Assert.Equal(
            ["us-east-1", "eu-central-1", "us-gov-west-1", "cn-north-1", "us-east-1", "eu-west-1", null, null, null],
            new[]
            {
                "sts.amazonaws.com", "sts.eu-central-1.amazonaws.com", "sts.us-gov-west-1.amazonaws.com", "sts.cn-north-1.amazonaws.com.cn", "sts-fips.us-east-1.amazonaws.com", "sts.eu-west-1.api.aws",
                "sts.cn-north-1.amazonaws.com", "sts.eu-west-1.amazonaws.com", "",
            }
                .Select(principals.RegionOf));
    }

    [Theory]
    [InlineData("AwsPrincipals:app:Role=", "AwsPrincipals:app:Role is ''")]
    [InlineData("AwsPrincipals:app:Role=arn:aws:iam::123456789012:user/app", "give the ARN of a role")]
    [InlineData("AwsPrincipals:app:Role=arn:aws:iam::123456789012:role/*", "give the ARN of a role")]
    [InlineData("AwsPrincipals:app:Role=arn:aws:sts::123456789012:assumed-role/app/x", "give the ARN of a role")]
    [InlineData("AwsPrincipals:ops:Role=arn:aws:iam::123456789012:role/other/app", "app and ops are one role")]
    [InlineData("AwsPrincipals:A:Platform=true", "AwsPrincipals:A: the name must be")]
    [InlineData("AwsPrincipals:app:Roles:0=platform-operator", "set Platform to true")]
    [InlineData("AwsPrincipals:app:Tenants:0=ACME", "app:Tenants holds what is no tenant")]
    [InlineData("AwsPrincipals:app:Platform=true", "take two roles")]
    [InlineData("AwsPrincipals:ops:Platform=false", "ops: speaks for nobody")]
    [InlineData("Issuers:a:Issuer=urn:agentruntime:aws", "which stands for AWS")]
    [InlineData("Sts:Regions:0=eu-central-1.evil.example/", "Sts:Regions names")]
    [InlineData("Sts:Hosts:0=sts.evil.example", "Sts:Hosts names")]
    [InlineData("Sts:Hosts:0=sts.us-east-1.amazonaws.com.evil.example", "Sts:Hosts names")]
    [InlineData("Sts:Endpoint=https://sts.example.com", "it is for stand-ins")]
    [InlineData("Sts:Regions:0=us-iso-east-1", "of the partitions aws, aws-cn or aws-us-gov")]
    [InlineData("Sts:Regions:0=eusc-de-east-1", "of the partitions aws, aws-cn or aws-us-gov")]
    [InlineData("Sts:Endpoint=http://127.0.0.1:5000/x", "it is for stand-ins")]
    public void Read_WrongSetting_IsRefusedWithKeyAndFix(string line, string message)
    {
        var key = line.Split('=')[0];
        var fault = Assert.Throws<AgentRuntimeException>(() => Read([.. Good.Where(each => each.Split('=')[0] != key), line]));
        Assert.Equal(ErrorCode.InvalidArgument, fault.Code);
        Assert.Contains("FrontDoor:Identity:", fault.Message, StringComparison.Ordinal);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }

    private static AwsPrincipals Read(string[] lines)
    {
        var settings = lines.Select(line => line.Split('=', 2)).ToDictionary(pair => $"{IdentityOptions.SectionName}:{pair[0]}", pair => (string?)pair[1]);
        var options = new IdentityOptions();
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build().GetSection(IdentityOptions.SectionName).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        return AwsPrincipals.Read(options);
    }
}

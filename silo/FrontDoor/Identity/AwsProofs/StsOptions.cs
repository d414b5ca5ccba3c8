namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>Which endpoints of AWS STS are asked about proofs. <c>sts.amazonaws.com</c> always may be.</summary>
internal sealed class StsOptions
{
    /// <summary>Regions, such as <c>eu-central-1</c>, whose <c>sts.REGION.amazonaws.com</c> may be asked, in China <c>sts.REGION.amazonaws.com.cn</c>. Default none.</summary>
    public IList<string> Regions { get; } = [];

    /// <summary>Other hosts of STS that may be asked: FIPS, dual-stack; for example <c>sts-fips.us-east-1.amazonaws.com</c>. Default none.</summary>
    public IList<string> Hosts { get; } = [];

    /// <summary>For tests: a stand-in on loopback that is asked in place of every host. Default none.</summary>
    public Uri? Endpoint { get; set; }
}

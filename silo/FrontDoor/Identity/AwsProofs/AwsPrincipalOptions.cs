namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>One role of IAM and how far the word of those goes who have assumed it.</summary>
internal sealed class AwsPrincipalOptions
{
    /// <summary>The role's ARN, <c>arn:aws:iam::ACCOUNT:role/NAME</c>. Required.</summary>
    public string? Role { get; set; }

    /// <summary>Tenants that it may speak for; <c>*</c> is all. With more than one, a proof signs which one is meant. Default none.</summary>
    public IList<string> Tenants { get; } = [];

    /// <summary>Roles within a tenant that it has. Default none.</summary>
    public IList<string> Roles { get; } = [];

    /// <summary>Whether it operates the platform; then it speaks for no tenant. Default no.</summary>
    public bool Platform { get; set; }
}

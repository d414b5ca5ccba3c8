using System.Text.RegularExpressions;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>Names of roles and of their sessions. A session does not tell the path of its role; within an account the name alone is the role's.</summary>
internal static partial class AwsArn
{
    /// <summary>What is the same in the ARN of a role and in those of its sessions; null when it is no role's.</summary>
    public static string? OfRole(string arn) => Identity(Role().Match(arn));

    /// <summary>As <see cref="OfRole"/>, of a session of the role; null when it is no such session in <paramref name="account"/>.</summary>
    public static string? OfSession(string arn, string account) => Session().Match(arn) is var match && match.Groups["account"].Value == account ? Identity(match) : null;

    private static string? Identity(Match match) => match.Success ? $"{match.Groups["partition"]}:{match.Groups["account"]}:{match.Groups["name"]}" : null;

    [GeneratedRegex(@"^arn:(?<partition>aws|aws-cn|aws-us-gov):iam::(?<account>[0-9]{12}):role/(?:[!-.0-~]{1,128}/){0,8}(?<name>[A-Za-z0-9_+=,.@-]{1,64})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Role();

    [GeneratedRegex(@"^arn:(?<partition>aws|aws-cn|aws-us-gov):sts::(?<account>[0-9]{12}):assumed-role/(?<name>[A-Za-z0-9_+=,.@-]{1,64})/[A-Za-z0-9_+=,.@-]{1,64}\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Session();
}

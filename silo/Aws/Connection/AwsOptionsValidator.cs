using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Aws.Connection;

internal sealed partial class AwsOptionsValidator : IValidateOptions<AwsOptions>
{
    private static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, AwsOptions options)
    {
        List<string> faults = [];
        if (options.MaxAttempts is < 1 or > AwsOptions.MaxAttemptsLimit)
            faults.Add($"Aws:MaxAttempts is {options.MaxAttempts}; give 1 to {AwsOptions.MaxAttemptsLimit}.");
        if (options.AttemptTimeout < MinTimeout || options.AttemptTimeout > MaxTimeout)
            faults.Add($"Aws:AttemptTimeout is {options.AttemptTimeout}; give {MinTimeout} to {MaxTimeout}.");
        if (options.Region is "")
            faults.Add("Aws:Region is empty; name a region such as eu-central-1, or leave it out.");
        Check(faults, nameof(AwsOptions.DynamoDbEndpoint), options.DynamoDbEndpoint);
        Check(faults, nameof(AwsOptions.S3Endpoint), options.S3Endpoint);
        Check(faults, nameof(AwsOptions.SqsEndpoint), options.SqsEndpoint);
        Check(faults, nameof(AwsOptions.EventBridgeEndpoint), options.EventBridgeEndpoint);
        Check(faults, nameof(AwsOptions.StsEndpoint), options.StsEndpoint);
        if (options.TenantRole is { } role && !IsRole(role)) faults.Add($"Aws:TenantRole is '{role}'; give the ARN of a role, such as arn:aws:iam::123456789012:role/tenant.");
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>Whether it is the ARN of a role of IAM.</summary>
    public static bool IsRole(string arn) => Role().IsMatch(arn);

    // Requests carry what tenants wrote; in the clear it stays on this machine.
    private static void Check(List<string> faults, string key, Uri? endpoint)
    {
        if (endpoint is null) return;
        var isSafe = endpoint.IsAbsoluteUri && (endpoint.Scheme == Uri.UriSchemeHttps || (endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback));
        if (!isSafe) faults.Add($"Aws:{key} is '{endpoint}'; give an https URL, or an http one on loopback.");
    }

    [GeneratedRegex(@"^arn:aws[a-z\-]{0,16}:iam::[0-9]{12}:role/[a-zA-Z0-9_+=,.@\-/]{1,512}\z")]
    private static partial Regex Role();
}

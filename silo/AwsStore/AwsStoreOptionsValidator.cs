using System.Text.RegularExpressions;
using AgentRuntime.Aws;
using AgentRuntime.Aws.Connection;
using AgentRuntime.Common;
using AgentRuntime.Tenants;

namespace AgentRuntime.AwsStore;

/// <summary>Names the first key that is wrong, and the fix.</summary>
internal static partial class AwsStoreOptionsValidator
{
    private const int MaxParts = 256;
    private const int MaxQueues = 256;
    private static readonly TimeSpan MinTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(5);

    /// <exception cref="AgentRuntimeException">InvalidArgument.</exception>
    public static void Require(AwsStoreOptions options)
    {
        if (options.Region is "") throw Wrong(nameof(options.Region), "is empty; name a region such as eu-central-1, or leave it out");
        RequireSafe(nameof(options.DynamoDbEndpoint), options.DynamoDbEndpoint);
        RequireSafe(nameof(options.S3Endpoint), options.S3Endpoint);
        RequireSafe(nameof(options.SqsEndpoint), options.SqsEndpoint);
        RequireSafe(nameof(options.EventBridgeEndpoint), options.EventBridgeEndpoint);
        RequireSafe(nameof(options.StsEndpoint), options.StsEndpoint);
        if (options.TenantRole is { } role && !AwsOptionsValidator.IsRole(role)) throw Wrong(nameof(options.TenantRole), "must be the ARN of a role, such as arn:aws:iam::123456789012:role/tenant");
        if (options.MaxAttempts is < 1 or > AwsOptions.MaxAttemptsLimit) throw Wrong(nameof(options.MaxAttempts), $"is {options.MaxAttempts}; set it to 1 to {AwsOptions.MaxAttemptsLimit}");
        if (options.AttemptTimeout < MinTimeout || options.AttemptTimeout > MaxTimeout) throw Wrong(nameof(options.AttemptTimeout), $"is {options.AttemptTimeout}; set it to {MinTimeout} to {MaxTimeout}");
        if (!Prefix().IsMatch(options.TablePrefix)) throw Wrong(nameof(options.TablePrefix), "must be 1 to 100 of a-z, A-Z, 0-9, '_', '-' and '.'");
        if (!QueuePrefix().IsMatch(EventQueues.PrefixOf(options)))
            throw Wrong(nameof(options.QueuePrefix), options.QueuePrefix is null ? "is missing; TablePrefix has characters that names of queues may not have, or is longer than 60" : "must be 1 to 60 of a-z, A-Z, 0-9, '_' and '-'");
        if (options.EventQueues is < 1 or > MaxQueues) throw Wrong(nameof(options.EventQueues), $"is {options.EventQueues}; set it to 1 to {MaxQueues}");
        if (options.Bucket.Length == 0) throw Wrong(nameof(options.Bucket), "is missing; name the S3 bucket for large content");
        if (options.StartQueue is { } queue && !Queue().IsMatch(queue)) throw Wrong(nameof(options.StartQueue), "must be 1 to 75 letters, digits, '-' and '_'");
        if (options.ObjectLockMaxDays is < 1 or > RetentionRules.MaxDays) throw Wrong(nameof(options.ObjectLockMaxDays), $"is {options.ObjectLockMaxDays}; set it to 1 to {RetentionRules.MaxDays}");
        if (options.EventBus is { } bus && !Bus().IsMatch(bus)) throw Wrong(nameof(options.EventBus), "must be the name or the ARN of an event bus");
        if (options.OpenRunParts is < 1 or > MaxParts) throw Wrong(nameof(options.OpenRunParts), $"is {options.OpenRunParts}; set it to 1 to {MaxParts}");
    }

    // Requests carry what tenants wrote; in the clear it stays on this machine.
    private static void RequireSafe(string key, Uri? endpoint)
    {
        if (endpoint is null) return;
        var isSafe = endpoint.IsAbsoluteUri && (endpoint.Scheme == Uri.UriSchemeHttps || (endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback));
        if (!isSafe) throw Wrong(key, $"is '{Shown.Text(endpoint.OriginalString)}'; give an https URL, or an http one on loopback");
    }

    private static AgentRuntimeException Wrong(string key, string what) => new(ErrorCode.InvalidArgument, $"{AwsStoreOptions.SectionName}:{key} {what}.");

    [GeneratedRegex(@"^[a-zA-Z0-9_.\-]{1,100}\z")]
    private static partial Regex Prefix();

    // SQS's names of standard queues, with room for the ending of the queue of the dead.
    [GeneratedRegex(@"^[a-zA-Z0-9_\-]{1,75}\z")]
    private static partial Regex Queue();

    // EventBridge's own rule.
    [GeneratedRegex(@"^(arn:aws[\w-]*:events:[a-z]+-[a-z\w-]+-\d+:\d{12}:event-bus/)?[/\.\-_A-Za-z0-9]{1,256}\z")]
    private static partial Regex Bus();

    [GeneratedRegex(@"^[a-zA-Z0-9_\-]{1,60}\z")]
    private static partial Regex QueuePrefix();
}

using Microsoft.Extensions.Options;

namespace AgentRuntime.Aws.Sqs;

internal sealed class SqsStreamOptionsValidator : IValidateOptions<SqsStreamOptions>
{
    private const int MaxPrefix = 70;
    private const int MiB = 1024 * 1024;

    // What a reader can renew, which it does within a third of the time that messages are hidden.
    private const int RenewedPerSecond = 1_000;

    public ValidateOptionsResult Validate(string? name, SqsStreamOptions options)
    {
        List<string> faults = [];
        if (options.QueueNamePrefix is not { Length: >= 1 and <= MaxPrefix } prefix || !prefix.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
            faults.Add(Fault($"QueueNamePrefix is '{options.QueueNamePrefix}'; give 1 to {MaxPrefix} letters, digits, hyphens and underscores."));
        Within(nameof(options.QueueCount), options.QueueCount, 1, SqsStreamOptions.MaxQueueCount);
        if (options.VisibilityTimeout < TimeSpan.FromSeconds(3) || options.VisibilityTimeout > TimeSpan.FromHours(1))
            faults.Add(Fault($"VisibilityTimeout is {options.VisibilityTimeout}; give 3 s to 1 h."));
        Within(nameof(options.MaxReceives), options.MaxReceives, 1, 100);
        Within(nameof(options.CachedMessages), options.CachedMessages, 10, 10_000);
        var renewed = (int)(options.VisibilityTimeout.TotalSeconds / 3 * RenewedPerSecond);
        if (options.CachedMessages is >= 10 and <= 10_000 && options.VisibilityTimeout >= TimeSpan.FromSeconds(3) && options.CachedMessages > renewed)
            faults.Add(Fault($"CachedMessages is {options.CachedMessages}, and within a VisibilityTimeout of {options.VisibilityTimeout} at most {renewed} messages can be renewed; give fewer, or more time."));
        Within(nameof(options.CachedBytes), options.CachedBytes, MiB, 1024 * MiB);
        Within(nameof(options.MaxMessageBytes), options.MaxMessageBytes, MiB / 4, 256 * MiB);
        if (options.Bucket is { } bucket && string.IsNullOrWhiteSpace(bucket)) faults.Add(Fault("Bucket is empty; name a bucket, or leave it out."));
        if (options is { Bucket: not null, PayloadStore: not null }) faults.Add(Fault("Bucket and PayloadStore are both given; give one."));
        if (options.Tenant is null) faults.Add(Fault("Tenant is null; give a function, or leave it out."));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void Within(string key, int value, int least, int most)
        {
            if (value < least || value > most) faults.Add(Fault($"{key} is {value}; give {least} to {most}."));
        }

        string Fault(string text) => $"SqsStreamOptions of provider '{name}': {text}";
    }
}

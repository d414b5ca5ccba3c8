using Microsoft.Extensions.Options;

namespace AgentRuntime.Aws.DynamoDb.GrainState;

internal sealed class DynamoDBStorageOptionsValidator : IValidateOptions<DynamoDBStorageOptions>
{
    private const int MaxStateBytesLimit = 1 << 30;

    public ValidateOptionsResult Validate(string? name, DynamoDBStorageOptions options)
    {
        List<string> faults = [];
        if (string.IsNullOrWhiteSpace(options.TableName)) faults.Add(Fault("TableName is empty; name a table."));
        if (options.TimeToLive < TimeSpan.FromSeconds(1)) faults.Add(Fault($"TimeToLive is {options.TimeToLive}; give 1 s or more, or leave it out."));
        if (options.Bucket is { } bucket && string.IsNullOrWhiteSpace(bucket)) faults.Add(Fault("Bucket is empty; name a bucket, or leave it out."));
        if (options is { Bucket: not null, PayloadStore: not null }) faults.Add(Fault("Bucket and PayloadStore are both given; give one."));
        if (options.InlineLimitBytes is < 0 or > DynamoDBStorageOptions.MaxInlineBytes)
            faults.Add(Fault($"InlineLimitBytes is {options.InlineLimitBytes}; give 0 to {DynamoDBStorageOptions.MaxInlineBytes}."));
        if (options.MaxStateBytes is < 1 or > MaxStateBytesLimit) faults.Add(Fault($"MaxStateBytes is {options.MaxStateBytes}; give 1 to {MaxStateBytesLimit}."));
        if (options.Tenant is null) faults.Add(Fault("Tenant is null; give a function, or leave it out."));
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        string Fault(string text) => $"DynamoDBStorageOptions of store '{name}': {text}";
    }
}

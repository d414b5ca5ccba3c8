using Microsoft.Extensions.Options;

namespace AgentRuntime.Tools.Http.Egress;

/// <summary>Refuses a host that is not in its one spelling when the silo starts, not when a tool is called.</summary>
internal sealed class EgressOptionsValidator : IValidateOptions<EgressOptions>
{
    public ValidateOptionsResult Validate(string? name, EgressOptions options)
    {
        var wrong = options.Hosts.Concat(options.AllowPrivateHosts).FirstOrDefault(host => !HostRule.TryParse(host, out _));
        return wrong is null
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Egress: '{wrong}' in Hosts or AllowPrivateHosts must be a lower-case host or host:port without scheme or path, such as api.example.com:443.");
    }
}

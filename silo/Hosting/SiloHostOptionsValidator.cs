using AgentRuntime.Common;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Hosting;

/// <summary>Names each key that is wrong, and the fix.</summary>
internal sealed class SiloHostOptionsValidator : IValidateOptions<SiloHostOptions>
{
    public ValidateOptionsResult Validate(string? name, SiloHostOptions options)
    {
        var wrong = Problems(options).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    /// <exception cref="InvalidInputException">An option is wrong.</exception>
    public static void Require(SiloHostOptions options)
    {
        if (Problems(options).FirstOrDefault() is { } problem)
        {
            throw new AgentRuntimeException(ErrorCode.InvalidArgument, problem);
        }
    }

    private static IEnumerable<string> Problems(SiloHostOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.DataFolder))
        {
            yield return Problem(nameof(options.DataFolder), "is empty. Name a folder with --data");
        }

        if (options.Store is not (SiloHostOptions.EmbeddedStore or SiloHostOptions.AwsStore))
        {
            yield return Problem(nameof(options.Store), $"is '{Shown.Text(options.Store)}'; it must be {SiloHostOptions.EmbeddedStore} or {SiloHostOptions.AwsStore}. Fix it with --store");
        }

        var ports = new[]
        {
            (Key: nameof(options.GrpcPort), Port: options.GrpcPort, Option: "--grpc-port"),
            (Key: nameof(options.HttpPort), Port: options.HttpPort, Option: "--http-port"),
            (Key: nameof(options.SiloPort), Port: options.SiloPort, Option: "--silo-port"),
            (Key: nameof(options.GatewayPort), Port: options.GatewayPort ?? 0, Option: $"{SiloHostOptions.SectionName}:{nameof(options.GatewayPort)}"),
        };
        if (options.PortOffset is < 0 or > 10_000)
        {
            yield return Problem(nameof(options.PortOffset), $"is {options.PortOffset}; it must be 0 to 10000. Fix it with --port-offset");
        }

        foreach (var (key, port, option) in ports.Where(each => each.Port is < 0 || each.Port + Math.Max(0, options.PortOffset) > 65_535))
        {
            yield return Problem(key, $"is {port}; with the offset it must be 0 to 65535. Fix it with {option}");
        }

        if (ports.Where(each => each.Port != 0).GroupBy(each => each.Port).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            yield return Problem(twice.First().Key, $"and {twice.Last().Key} are both {twice.Key}. Give each its own with {twice.Last().Option}");
        }

        foreach (var (key, id) in new[] { (nameof(options.ServiceId), options.ServiceId), (nameof(options.ClusterId), options.ClusterId) })
        {
            if (id is not null && !IdFormat.IsValid(id))
            {
                yield return Problem(key, $"must be 1 to {IdFormat.MaxLength} characters of a-z, 0-9 and '-'. Change it or leave it out");
            }
        }

        foreach (var problem in ClusterBorder.Problems(options)) yield return problem;

        if (options.StopTimeoutSeconds is < 1 or > 300)
        {
            yield return Problem(nameof(options.StopTimeoutSeconds), $"is {options.StopTimeoutSeconds}; it must be 1 to 300. Change it or leave it out");
        }
    }

    private static string Problem(string key, string text) => $"{SiloHostOptions.SectionName}:{key} {text}.";
}

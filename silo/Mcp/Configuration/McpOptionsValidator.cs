using AgentRuntime.Common;
using AgentRuntime.Mcp.Children;
using AgentRuntime.Tools.Http.Egress;
using AgentRuntime.Tools.Mcp;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Mcp.Configuration;

/// <summary>Names each key that is wrong, and the fix, when the silo starts.</summary>
internal sealed class McpOptionsValidator : IValidateOptions<McpOptions>
{
    public const int MaxWords = 64;
    public const int MaxWordChars = 4_096;

    public ValidateOptionsResult Validate(string? name, McpOptions options)
    {
        var wrong = options.Servers.SelectMany(server => Problems(server.Key, server.Value).Select(problem => $"{McpOptions.SectionName}:Servers:{server.Key}{problem}")).ToList();
        if (options.MaxConnections is < 1 or > 1_000)
            wrong.Add($"{McpOptions.SectionName}:{nameof(options.MaxConnections)} must be 1 to 1000, not {options.MaxConnections}.");
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static IEnumerable<string> Problems(string name, McpServerOptions server)
    {
        if (name.Length > McpContractRules.MaxServerChars || !IdFormat.IsValid(name))
            yield return $": the name must be 1 to {McpContractRules.MaxServerChars} characters of a-z, 0-9 and '-'.";
        if (server.IsProcess == server.Url is not null)
            yield return $": needs exactly one of {nameof(server.Command)} and {nameof(server.Url)}.";
        if (server.Tenants.Count == 0 || server.Tenants.Any(tenant => tenant != McpServerOptions.AllTenants && !IdFormat.IsValid(tenant)))
            yield return $":{nameof(server.Tenants)} must name the tenants that may use it, or '{McpServerOptions.AllTenants}' for all.";
        foreach (var problem in server.IsProcess ? ProcessProblems(server) : UrlProblems(server)) yield return problem;
        foreach (var problem in RangeProblems(server)) yield return problem;
    }

    private static IEnumerable<string> ProcessProblems(McpServerOptions server)
    {
        var command = server.Command;
        if (!Path.IsPathFullyQualified(command[0]) || !File.Exists(command[0]))
            yield return $":{nameof(server.Command)}:0 must be the absolute path of a program that exists, not '{Shown.Text(command[0])}'.";
        if (command.Count > MaxWords || command.Concat(server.Environment.Values).Any(word => word.Length > MaxWordChars || word.Contains('\0', StringComparison.Ordinal)))
            yield return $":{nameof(server.Command)} and {nameof(server.Environment)} must be at most {MaxWords} texts of {MaxWordChars} characters without NUL.";
        if (server.WorkingDirectory is { } folder && !Path.IsPathFullyQualified(folder))
            yield return $":{nameof(server.WorkingDirectory)} must be an absolute path.";
        if (server.Environment.Count > MaxWords || server.Environment.Keys.Any(key => key.Length == 0 || !key.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')))
            yield return $":{nameof(server.Environment)} must be at most {MaxWords} variables with names of letters, digits and '_'.";
        if (server.Headers.Count > 0)
            yield return $":{nameof(server.Headers)} are for {nameof(server.Url)}; a process gets {nameof(server.Environment)}.";
        if (server.Uid is <= 0)
            yield return $":{nameof(server.Uid)} must be 1 to {int.MaxValue}.";
        if (server.Uid is > 0 && ChildCommand.WhyNoUid() is { } reason)
            yield return $":{nameof(server.Uid)} cannot be had: {reason}";
    }

    private static IEnumerable<string> UrlProblems(McpServerOptions server)
    {
        if (server.Url is null) yield break;
        if (Refusal(() => EgressUrl.Parse(server.Url, $":{nameof(server.Url)}")) is { } refusal)
            yield return refusal;
        if (server.Environment.Count > 0 || server.WorkingDirectory is not null || server.Uid is not null)
            yield return $":{nameof(server.Environment)}, {nameof(server.WorkingDirectory)} and {nameof(server.Uid)} are for {nameof(server.Command)}.";
        if (server.Headers.Count > MaxWords || server.Headers.Any(header => !header.Key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') || header.Value.Any(c => c is < ' ' or > '~')))
            yield return $":{nameof(server.Headers)} must be at most {MaxWords}, with names of letters, digits and '-' and values of printable ASCII.";
    }

    private static IEnumerable<string> RangeProblems(McpServerOptions server)
    {
        var ranges = new (string Key, int Value, int Min, int Max)[]
        {
            (nameof(server.StartTimeoutSeconds), server.StartTimeoutSeconds, 1, 120),
            (nameof(server.MaxBackoffSeconds), server.MaxBackoffSeconds, 1, 600),
            (nameof(server.IdleSeconds), server.IdleSeconds, 1, 86_400),
            (nameof(server.RefreshSeconds), server.RefreshSeconds, 1, 3_600),
            (nameof(server.MaxResponseBytes), server.MaxResponseBytes, 1_024, 16 * 1_024 * 1_024),
        };
        return ranges.Where(range => range.Value < range.Min || range.Value > range.Max)
            .Select(range => $":{range.Key} must be {range.Min} to {range.Max}, not {range.Value}.");
    }

    private static string? Refusal(Func<EgressUrl> parse)
    {
        try
        {
            parse();
            return null;
        }
        catch (InvalidInputException refused)
        {
            return refused.Message;
        }
    }
}

using System.Diagnostics;
using System.Text;
using AgentRuntime.Common;
using AgentRuntime.RedTeam.Targets;
using AgentRuntime.Testing;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>What tenants and models wrote, printed by agentctl: nothing in it may move the terminal of who reads it. The twin is harmless text, which is printed as it is.</summary>
internal static class TerminalAttacks
{
    private static readonly (string Name, string Text)[] Texts =
    [
        ("clear-screen", "\u001b[2J"), ("colour", "\u001b[31m"), ("title", "\u001b]0;owned\u0007"), ("link", "\u001b]8;;http://evil.example\u0007"), ("c1", "\u009b2J"), ("bidi", "\u202egpj"),
        ("zero-width", "\u200b"), ("return", "approved\rdenied"), ("backspace", "no\b\byes"),
    ];

    public static IEnumerable<Attack> Against(Target target)
    {
        foreach (var (name, text) in Texts)
        {
            var id = $"term-{name}";
            yield return new Attack($"terminal/output-{name}", "printed escaped", () => OutputAsync(target, $"{id}-twin", "plain"), () => OutputAsync(target, id, text))
            {
                LetsIn = answer => answer.Says("printed as it is"),
            };
        }
    }

    /// <summary>A run whose agent says the text, read by a person.</summary>
    private static async Task<Answer> OutputAsync(Target target, string id, string text)
    {
        var applied = await DeveloperAsync(target, "/agentruntime.v1.Agents/ApplyAgent", new V1.ApplyAgentRequest
        {
            Parent = "tenants/acme", Manifest = $"kind: Agent\nname: {id}\ninstructions: Be.\nmodel: echo\nriskScope: read\n",
        });
        if (applied.Reason.Length > 0) return applied;
        var started = await DeveloperAsync(target, "/agentruntime.v1.Runs/StartRun", new V1.StartRunRequest
        {
            Parent = "tenants/acme", Agent = $"tenants/acme/agents/{id}", Input = $"before {text} after", RequestId = id,
        });
        if (started.Reason.Length > 0) return started;
        var run = V1.Run.Parser.ParseFrom(started.Body).Name;
        await target.Wire.CallAsync(Target.Authorised(new Shot(target.DevGrpc, "/agentruntime.v1.Runs/WatchRun", new V1.WatchRunRequest { Name = run }), target.DevToken("acme", Roles.Developer)));
        var printed = await PrintAsync(target, "run", "get", run.Split('/')[^1]);
        if (!printed.Contains("before", StringComparison.Ordinal) || !printed.Contains("after", StringComparison.Ordinal)) return Answer.Refused($"not printed: {printed}");
        return Answer.Refused(printed.Contains(text, StringComparison.Ordinal) ? "printed as it is" : "printed escaped");
    }

    private static Task<Answer> DeveloperAsync(Target target, string method, Google.Protobuf.IMessage request) =>
        target.Wire.CallAsync(Target.Authorised(new Shot(target.DevGrpc, method, request), target.DevToken("acme", Roles.Developer)));

    private static async Task<string> PrintAsync(Target target, params string[] arguments)
    {
        using var configuration = new ScratchFolder();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        foreach (var argument in new[] { "exec", Path.Combine(AppContext.BaseDirectory, "agentctl.dll") }.Concat(arguments).Concat(["--as", "anna", "--role", "developer", "--tenant", "acme"]))
            start.ArgumentList.Add(argument);
        start.Environment["XDG_CONFIG_HOME"] = configuration.Path;
        start.Environment["AGENTRT_DATA"] = target.DevFolder;
        using var process = Process.Start(start)!;
        var printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return printed;
    }
}

using System.CommandLine;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.Client;
using AgentRuntime.V1;
using Grpc.Core;

namespace AgentRuntime.Cli;

/// <summary><c>doctor</c>: looks at everything between this machine and the store, and goes on past what is wrong.</summary>
internal static class DoctorCommand
{
    private const string VersionHeader = "agentruntime-version";
    private static readonly TimeSpan DateSpan = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxSkew = TimeSpan.FromSeconds(30); // What the server forgives a token.

    public static Command Create() => Verb.Local(
        "doctor",
        "Check version, login, token, connection, clock and store. Ends with the exit code of the first thing that is wrong.",
        async (parsed, cancellation) =>
        {
            var printer = new Printer(Console.Out, GlobalOptions.FormOf(parsed));
            var findings = new List<Finding>();
            await foreach (var finding in LookAsync(parsed, cancellation))
            {
                findings.Add(finding);
                printer.One(
                    new JsonObject { ["check"] = finding.Check, ["ok"] = finding.Code == ExitCode.Ok, ["found"] = finding.Found },
                    (finding.Check.PadRight(8), finding.Code == ExitCode.Ok ? finding.Found : $"WRONG: {finding.Found}"));
            }

            if (findings.Find(finding => finding.Code != ExitCode.Ok) is { } wrong) throw new CliException(wrong.Code, $"{wrong.Check.TrimEnd()}: {wrong.Found}");
        });

    private static async IAsyncEnumerable<Finding> LookAsync(
        ParseResult parsed, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return new Finding("agentctl", $"version {Version()}");
        Credential? credential = null;
        yield return await TryAsync("login", () =>
        {
            credential = LoginResolver.Resolve(GlobalOptions.ChoiceOf(parsed), TimeProvider.System);
            return Task.FromResult($"{credential.Source}, tenant {credential.Tenant ?? "none"}");
        });
        if (credential is null) yield break;
        yield return await TryAsync("token", async () => Describe(await credential.TokenAsync(cancellation)));
        Uri? endpoint = null;
        yield return await TryAsync("address", async () => $"{endpoint = await EndpointFinder.FindAsync(GlobalOptions.EndpointOf(parsed), credential, cancellation)}");
        if (endpoint is null) yield break;
        using var client = Verb.ClientOf(endpoint, credential);
        yield return await TryAsync("silo", async () => await client.IsServingAsync("", cancellation)
            ? "answers and serves"
            : throw new CliException(ExitCode.NoServer, "answers and does not serve; look at its log."));
        yield return await TryAsync("store", () => StoreAsync(client, cancellation));
        var (answers, clock) = await AskAsync(client, credential, cancellation);
        yield return answers;
        if (clock is not null) yield return clock;
    }

    private static async Task<string> StoreAsync(AgentRuntimeClient client, CancellationToken cancellation)
    {
        try
        {
            return await client.IsServingAsync("store", cancellation)
                ? "takes what is written"
                : throw new CliException(ExitCode.Limit, "does not take what is written; look for a full or failing disk.");
        }
        catch (RpcException unknown) when (unknown.StatusCode == StatusCode.NotFound)
        {
            return "not told by this server";
        }
    }

    /// <summary>Asks for a run that is not there: whoever is told so has been recognised, and so has whoever lacks the role.</summary>
    private static async Task<(Finding Answers, Finding? Clock)> AskAsync(AgentRuntimeClient client, Credential credential, CancellationToken cancellation)
    {
        var before = TimeProvider.System.GetUtcNow();
        try
        {
            var name = $"tenants/{credential.Tenant ?? "none"}/runs/doctor";
            await client.Runs.GetRunAsync(new GetRunRequest { Name = name }, cancellationToken: cancellation);
            return (new Finding("server", "accepts the token"), null);
        }
        catch (RpcException answer) when (answer.StatusCode is StatusCode.NotFound or StatusCode.PermissionDenied)
        {
            var version = answer.Trailers.GetValue(VersionHeader) ?? "unknown";
            return (new Finding("server", $"version {version}, accepts the token"), Clock(answer.Trailers.GetValue("date"), before, TimeProvider.System.GetUtcNow()));
        }
        catch (RpcException refused)
        {
            var (code, line) = Failure.Describe(refused);
            return (new Finding("server", line, code), Clock(refused.Trailers.GetValue("date"), before, TimeProvider.System.GetUtcNow()));
        }
    }

    // An HTTP date has whole seconds, and the server makes a new one each second.
    private static Finding? Clock(string? date, DateTimeOffset before, DateTimeOffset after)
    {
        if (!DateTimeOffset.TryParseExact(date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var server)) return null;
        var skew = server > after ? server - after : before - server > DateSpan ? server + DateSpan - before : TimeSpan.Zero;
        return skew.Duration() > MaxSkew
            ? new Finding("clock", $"{skew.TotalSeconds:+0;-0} s off: the server refuses tokens beyond {MaxSkew.TotalSeconds} s; set the clock.", ExitCode.Refused)
            : new Finding("clock", skew == TimeSpan.Zero ? "agrees with the server's" : $"{skew.TotalSeconds:+0;-0} s off");
    }

    private static string Describe(string token)
    {
        if (TokenText.Read(token) is not { } read) throw new CliException(ExitCode.Refused, "is no JWT; log in again.");
        var left = read.ValidTo - TimeProvider.System.GetUtcNow().UtcDateTime;
        return left > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $"of {read.Issuer} for {read.Subject}, roles {string.Join(", ", TokenText.Roles(read))}, good for {left.TotalMinutes:0} minutes")
            : throw new CliException(ExitCode.Refused, $"has expired at {read.ValidTo:u}; log in again.");
    }

    private static async Task<Finding> TryAsync(string check, Func<Task<string>> look)
    {
        try
        {
            return new Finding(check, await look());
        }
        catch (Exception fault) when (fault is CliException or RpcException)
        {
            var (code, line) = Failure.Describe(fault);
            return new Finding(check, line, code);
        }
    }

    private static string Version() => typeof(DoctorCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    private sealed record Finding(string Check, string Found, int Code = ExitCode.Ok);
}

using System.CommandLine;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;
using AgentRuntime.Client;
using Grpc.Core;

namespace AgentRuntime.Cli;

/// <summary>Makes verbs: connects, runs, and turns each failure into one line and an exit code.</summary>
internal static class Verb
{
    /// <summary>A verb that talks to a silo.</summary>
    public static Command Of(string name, string description, Func<Connection, ParseResult, CancellationToken, Task> run, params Symbol[] symbols) =>
        Local(
            name,
            description,
            async (parsed, cancellation) =>
            {
                var credential = LoginResolver.Resolve(GlobalOptions.ChoiceOf(parsed), TimeProvider.System);

                // Once before anything else: what is wrong with it is told better than by a call that fails.
                await credential.TokenAsync(cancellation);
                var endpoint = await EndpointFinder.FindAsync(GlobalOptions.EndpointOf(parsed), credential, cancellation);
                using var connection = new Connection(ClientOf(endpoint, credential), credential, new Printer(Console.Out, GlobalOptions.FormOf(parsed)));
                await run(connection, parsed, cancellation);
            },
            symbols);

    /// <summary>A client that speaks as the credential says. It gives up soon: a person looks on.</summary>
    public static AgentRuntimeClient ClientOf(Uri endpoint, Credential credential) =>
        new(new AgentRuntimeClientOptions { Endpoint = endpoint, Token = cancellation => TokenAsync(credential, cancellation), Patience = TimeSpan.FromSeconds(2) });

    // That the issuer is out for now is no reason to end a watch: gRPC passes this on as it is, and it is tried again.
    private static async ValueTask<string> TokenAsync(Credential credential, CancellationToken cancellation)
    {
        try
        {
            return await credential.TokenAsync(cancellation);
        }
        catch (CliException outage) when (outage.ExitCode == ExitCode.NoServer)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, outage.Message, outage));
        }
    }

    /// <summary>A verb that needs no silo.</summary>
    public static Command Local(string name, string description, Func<ParseResult, CancellationToken, Task> run, params Symbol[] symbols)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            if (symbol is Option option) command.Options.Add(option);
        }

        command.SetAction((parsed, cancellation) => GuardAsync(run, parsed, cancellation));
        return command;
    }

    /// <summary>A noun with its verbs.</summary>
    public static Command Noun(string name, string description, params Command[] verbs)
    {
        var noun = new Command(name, description);
        foreach (var verb in verbs) noun.Subcommands.Add(verb);
        return noun;
    }

    private static async Task<int> GuardAsync(Func<ParseResult, CancellationToken, Task> run, ParseResult parsed, CancellationToken cancellation)
    {
        try
        {
            await run(parsed, cancellation);
            return ExitCode.Ok;
        }
        catch (Exception fault) when (cancellation.IsCancellationRequested && fault is OperationCanceledException or RpcException { StatusCode: StatusCode.Cancelled })
        {
            return ExitCode.Interrupted;
        }
        catch (Exception fault)
        {
            var (code, line) = Failure.Describe(fault);
            await Console.Error.WriteLineAsync($"error: {Safe.Text(line)}");
            return code;
        }
    }
}

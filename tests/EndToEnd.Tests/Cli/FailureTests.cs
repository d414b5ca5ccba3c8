extern alias cli;
extern alias client;

using AgentRuntime.Testing;
using cli::AgentRuntime.Cli;
using cli::AgentRuntime.Cli.Session;
using client::AgentRuntime.V1;
using Grpc.Core;

namespace AgentRuntime.EndToEnd.Tests.Cli;

public sealed class FailureTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9");

    [Fact]
    public async Task Describe_ATokenThatIsRefusedInACall_EndsAsTheRefusalDoes()
    {
        var refused = new ScriptedCredential(ExitCode.Refused);
        Assert.Equal((ExitCode.Refused, "issuer 1"), Failure.Describe(await CallAsync(Nowhere, refused)));
    }

    [Fact]
    public async Task Describe_AnIssuerThatIsOut_IsTriedAgainAndTold()
    {
        var (code, line) = Failure.Describe(await CallAsync(Nowhere, new ScriptedCredential(ExitCode.NoServer)));
        Assert.Equal(ExitCode.NoServer, code);
        Assert.StartsWith("issuer ", line, StringComparison.Ordinal);

        var mended = new ScriptedCredential(ExitCode.NoServer, ExitCode.NoServer, ExitCode.Refused);
        Assert.Equal((ExitCode.Refused, "issuer 3"), Failure.Describe(await CallAsync(Nowhere, mended)));
    }

    [Fact]
    public async Task Describe_AnAddressThatSpeaksNoTls_SaysSo()
    {
        await using var plain = LoopbackApp.Create();
        await plain.StartAsync(TestContext.Current.CancellationToken);
        var fault = await CallAsync(new UriBuilder(plain.Urls.Single()) { Scheme = "https" }.Uri, new ScriptedCredential(ExitCode.Ok));
        var (code, line) = Failure.Describe(fault);
        Assert.Equal(ExitCode.NoServer, code);
        Assert.Contains("does not speak TLS; use http://", line, StringComparison.Ordinal);
    }

    private static async Task<RpcException> CallAsync(Uri endpoint, Credential credential)
    {
        using var client = Verb.ClientOf(endpoint, credential);
        return await Assert.ThrowsAsync<RpcException>(async () => await client.Runs.GetRunAsync(new GetRunRequest { Name = "tenants/demo/runs/r" }));
    }

    /// <summary>A credential that fails with one code after the other, and with the last one from there on.</summary>
    private sealed record ScriptedCredential(params int[] Codes) : Credential("demo", null, "test")
    {
        private int _asked;

        public override ValueTask<string> TokenAsync(CancellationToken cancellation)
        {
            var code = Codes[Math.Min(_asked++, Codes.Length - 1)];
            return code == ExitCode.Ok ? ValueTask.FromResult("token") : throw new CliException(code, $"issuer {_asked}");
        }
    }
}

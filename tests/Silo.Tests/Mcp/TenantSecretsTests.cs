using AgentRuntime.Mcp;
using AgentRuntime.Tools.Http.Secrets;
using Microsoft.Extensions.Options;

namespace AgentRuntime.Silo.Tests.Mcp;

public sealed class TenantSecretsTests : IDisposable
{
    private const string Variable = "AGENTRT_SECRET__ACME__OF_HEADERS";

    public void Dispose() => Environment.SetEnvironmentVariable(Variable, null);

    [Theory]
    [InlineData("Bearer abcd", "sent 'Bearer abcd'", "sent '[secret]'")]
    [InlineData("Bearer abcd", "token abcd", "token [secret]")]
    [InlineData("Bearer abc", "the abc", "the abc")]
    [InlineData("Bearer ab\"cd", "{\"t\":\"ab\\\"cd\"}", "{\"t\":\"[secret]\"}")]
    [InlineData("abcd", "abcd", "[secret]")]
    public async Task Redact_SecretOrItsLastPart_IsTakenOut(string secret, string said, string expected)
    {
        Environment.SetEnvironmentVariable(Variable, secret);
        var secrets = new TenantSecrets(new SecretSource(Options.Create(new SecretOptions())), McpBench.Acme);
        await secrets.FillAsync("secret:of-headers", TestContext.Current.CancellationToken);
        Assert.Equal(expected, secrets.Redact(said));
    }
}

extern alias cli;

using System.Text.Json;
using AgentRuntime.Testing;
using cli::AgentRuntime.Cli.Session;

namespace AgentRuntime.EndToEnd.Tests.FrontDoor;

/// <summary>A silo process with the demo's agents and two tickets, refunds that a person must approve. What is paid once is not paid again.</summary>
public sealed class RefundSilo : IAsyncLifetime
{
    public const string FirstTicket = "T-001";
    public const string SecondTicket = "T-016";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ScratchFolder _folder = new();
    private readonly ScratchFolder _work = new();
    private SiloProcess? _silo;

    internal string GrpcAddress => $"127.0.0.1:{_silo!.Options.GrpcPort}";

    internal Uri Json => new($"http://127.0.0.1:{_silo!.Options.HttpPort}");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_work.Path);
        var samples = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "samples", "tickets.jsonl"));
        await File.WriteAllLinesAsync(_work.At("tickets.jsonl"), samples.Where(line => line.Contains($"\"{FirstTicket}\"", StringComparison.Ordinal) || line.Contains($"\"{SecondTicket}\"", StringComparison.Ordinal)));
        _silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_folder.Path) with
        {
            Verb = ["demo"],
            Arguments = ["--input", _work.At("tickets.jsonl"), "--orders-port", $"{FreePorts.Take(1)[0]}"],
        });
        await _silo.WaitForAsync("settled", _ => true, Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        _folder.Dispose();
        _work.Dispose();
    }

    /// <summary>What the demo tells its refund agent.</summary>
    internal static string InputFor(string ticket) => $"Handle the refund request of ticket {ticket}";

    /// <summary>A token of the development issuer for an application of the demo's tenant.</summary>
    internal string App(string name) => Token(name, "agent", isService: true);

    /// <summary>A token of the development issuer for a person who may approve in the demo's tenant.</summary>
    internal string Approver(string name) => Token(name, "approver", isService: false);

    internal static List<JsonElement> Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private string Token(string name, string role, bool isService) =>
        DevToken.Sign(new Login(name, [role], "demo", isService, _folder.Path, TimeProvider.System.GetUtcNow()), TimeProvider.System);
}

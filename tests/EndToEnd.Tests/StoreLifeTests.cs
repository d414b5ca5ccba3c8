using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AgentRuntime.Testing;
using Microsoft.Data.Sqlite;

namespace AgentRuntime.EndToEnd.Tests;

/// <summary>What an operator does with a data folder over the years, by the program's own verbs.</summary>
public sealed class StoreLifeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan SeveralPolls = TimeSpan.FromSeconds(3);

    /// <summary>A sample ticket that no refund follows from.</summary>
    private const string NoRefund = "T-002";

    private readonly ScratchFolder _place = new();

    // A tool's contract names the shop with its port.
    private readonly int _ordersPort = FreePorts.Take(1)[0];
    private SiloProcess? _silo;
    private Agentctl? _agentctl;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Agentctl Ctl => _agentctl!;

    public ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_place.Path);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        _agentctl?.Dispose();
        _place.Dispose();
    }

    [Fact]
    public async Task Backup_WhileTheDemoWorks_RestoredElsewhere_DoesNothingBeforeAPersonLetsIt()
    {
        await StartDemoAsync("first", tickets: null);
        await WaitForApprovalsAsync(atLeast: 3);
        var backup = await SiloVerb.OkAsync("backup", "--data", _place.At("first"), "--to", _place.At("backup.tar"));
        Assert.False(_silo!.HasExited);
        await _silo.KillAsync();

        var restored = await SiloVerb.OkAsync("restore", "--from", _place.At("backup.tar"), "--data", _place.At("second"));
        var open = backup.GetProperty("open_runs").GetInt64();
        Assert.InRange(open, 3, 1_000);
        Assert.Equal(open, restored.GetProperty("paused_runs").GetInt64());
        Assert.Equal(backup.GetProperty("runs").GetInt64(), restored.GetProperty("runs").GetInt64());
        Assert.NotEqual(backup.GetProperty("cluster").GetString(), restored.GetProperty("cluster").GetString());

        await StartDemoAsync("second", tickets: "T-001");
        var paused = Lines(await Ctl.OkAsync("run", "list", "--state", "paused", "--limit", "1000", "-o", "json"));
        Assert.Equal(open, paused.Count);
        Assert.Equal("restored", Text(Lines(await Ctl.OkAsync("run", "get", IdOf(paused[0], "name"), "-o", "json")).Single(), "reason"));
        await Ctl.OkAsync("approval", "approve", "--all", "--as", "anna", "--role", "approver");
        await Task.Delay(SeveralPolls, Stop);
        Assert.Equal(0, Refunds("second"));

        await Task.WhenAll(paused.Take(8).Select(run => Ctl.OkAsync("run", "resume", IdOf(run, "name"), "--reason", "looked at it")));
        await Eventually.TrueAsync(() => Task.FromResult(Refunds("second") > 0), "a refund of a resumed run");
    }

    [Fact]
    public async Task Prune_WhatATenantDoesNotKeep_LeavesNothingOfItWhetherASiloServesOrNot()
    {
        await StartDemoAsync("data", tickets: NoRefund);
        await Eventually.TrueAsync(async () => Lines(await Ctl.OkAsync("run", "list", "--state", "completed", "-o", "json")).Count > 0, "an ended run");
        var secret = TicketOf(NoRefund).GetProperty("subject").GetString()!;
        Assert.True(IsInStore(secret));
        await Ctl.OkAsync("tenant", "retention", "demo", "default=0d", "--as", "root", "--role", "platform-operator");

        var dry = await SiloVerb.OkAsync("prune", "--data", _place.At("data"), "--dry-run");
        Assert.Equal(1, dry.GetProperty("runs").GetInt64());
        Assert.True(IsInStore(secret));
        var pruned = await SiloVerb.OkAsync("prune", "--data", _place.At("data"));
        Assert.Equal(dry.GetProperty("records").GetInt64(), pruned.GetProperty("records").GetInt64());
        Assert.True(pruned.GetProperty("logs_empty").GetBoolean());
        Assert.False(IsInStore(secret));
        Assert.Empty(Lines(await Ctl.OkAsync("run", "list", "-o", "json")));

        // A backup verifies every chain.
        var backup = await SiloVerb.OkAsync("backup", "--data", _place.At("data"), "--to", _place.At("backup"));
        Assert.Equal((1, 1), (backup.GetProperty("runs").GetInt64(), backup.GetProperty("pruned_runs").GetInt64()));
        var (refused, _, errors) = await SiloVerb.RunAsync("prune", "--data", _place.At("data"), "--compact");
        Assert.Equal(5, refused);
        Assert.Contains("Stop all of them", errors, StringComparison.Ordinal);
        await _silo!.KillAsync();
        await SiloVerb.OkAsync("prune", "--data", _place.At("data"), "--compact");
        Assert.Equal(1, (await SiloVerb.OkAsync("backup", "--data", _place.At("data"), "--to", _place.At("another"))).GetProperty("pruned_runs").GetInt64());

        // The demo starts its runs again, and those that were pruned are done.
        await StartDemoAsync("data", tickets: NoRefund);
        await _silo!.WaitForAsync("settled", _ => true, Patience);
    }

    [Fact]
    public async Task Migrate_FolderOfTheFirstFormat_KilledAgainAndAgain_GetsThere()
    {
        ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "format-1.zip"), _place.At("data"));
        foreach (var path in Directory.EnumerateFileSystemEntries(_place.At("data"), "*", SearchOption.AllDirectories).Append(_place.At("data")))
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(_place.At("data", "keys", "root.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using (var serving = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_place.At("data"))))
        {
            var (refused, _, errors) = await SiloVerb.RunAsync("migrate", "--data", _place.At("data"));
            Assert.Equal(5, refused);
            Assert.Contains($"{serving.Options.SiloPort}", errors, StringComparison.Ordinal);
        }

        // Killed as soon as it has begun, which a machine that is busy with other things may see too late.
        var halfWay = 0;
        for (var kill = 0; kill < 5 && FormatOf("data") == 1; kill++)
        {
            using var migrating = SiloVerb.Start("migrate", "--data", _place.At("data"));
            Assert.Contains("progress", await migrating.StandardOutput.ReadLineAsync(Stop), StringComparison.Ordinal);
            migrating.Kill();
            await migrating.WaitForExitAsync(Stop);
            if (FormatOf("data") == 1) halfWay++;
        }

        Assert.True(halfWay > 0, "No migration was killed before it was done.");
        Assert.Equal(2, (await SiloVerb.OkAsync("migrate", "--data", _place.At("data"))).GetProperty("to").GetInt32());
        Assert.Equal(5, (await SiloVerb.OkAsync("backup", "--data", _place.At("data"), "--to", _place.At("backup"))).GetProperty("runs").GetInt64());
        await using var again = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_place.At("data")));
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("migrate")]
    [InlineData("prune")]
    public async Task Help_OfEachVerb_SaysWhatItDoes(string verb)
    {
        var (code, output, _) = await SiloVerb.RunAsync(verb, "--help");
        Assert.Equal(0, code);
        Assert.Contains("--data", output, StringComparison.Ordinal);
    }

    private async Task StartDemoAsync(string folder, string? tickets)
    {
        var arguments = new List<string> { "--orders-port", $"{_ordersPort}" };
        if (tickets is not null)
        {
            await File.WriteAllTextAsync(_place.At("tickets.jsonl"), TicketOf(tickets).GetRawText(), Stop);
            arguments.AddRange(["--input", _place.At("tickets.jsonl")]);
        }

        _agentctl?.Dispose();
        _agentctl = new Agentctl(_place.At(folder));
        _silo = await SiloProcess.StartAsync(SiloProcessOptions.OnFreePorts(_place.At(folder)) with { Verb = ["demo"], Arguments = arguments });
    }

    private static JsonElement TicketOf(string id) => File.ReadLines(Path.Combine(AppContext.BaseDirectory, "samples", "tickets.jsonl"))
        .Select(line => JsonDocument.Parse(line).RootElement).Single(ticket => ticket.GetProperty("id").GetString() == id);

    private int FormatOf(string folder) => JsonDocument.Parse(File.ReadAllBytes(_place.At(folder, "format"))).RootElement.GetProperty("format").GetInt32();

    private Task WaitForApprovalsAsync(int atLeast) => Eventually.TrueAsync(
        async () => Lines(await Ctl.OkAsync("approval", "list", "-o", "json")).Count >= atLeast, $"{atLeast} approvals");

    private long Refunds(string folder)
    {
        using var orders = new SqliteConnection($"Data Source={_place.At(folder, "demo", "orders.db")};Pooling=False");
        orders.Open();
        using var count = new SqliteCommand("SELECT count(*) FROM refund", orders);
        return (long)count.ExecuteScalar()!;
    }

    /// <summary>Whether some file that holds runs has the text. The demo's own databases are the world outside.</summary>
    private bool IsInStore(string text) => Directory.EnumerateFiles(_place.At("data"), "*", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}demo{Path.DirectorySeparatorChar}", StringComparison.Ordinal) && !file.EndsWith(".lock", StringComparison.Ordinal))
        .Any(file => Read(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    private static byte[] Read(string file)
    {
        using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[content.Length];
        content.ReadExactly(bytes);
        return bytes;
    }

    private static List<JsonElement> Lines(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string IdOf(JsonElement line, string property) => Text(line, property).Split('/')[^1];

    private static string Text(JsonElement line, string property) => line.GetProperty(property).ToString();
}

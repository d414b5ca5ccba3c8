extern alias client;

using client::AgentRuntime.V1;

namespace AgentRuntime.EndToEnd.Tests.Cli.Terminals;

/// <summary>agentctl in a terminal, with a silo whose model speaks when it is asked to.</summary>
public sealed class RunsInATerminalTests : IAsyncLifetime
{
    private const string Evil = "\u001b[31mred\u001b]0;title\u0007\u202etxt.exe\u009b2J";

    private readonly TalkingSilo _talking = new();
    private TerminalPlace _place = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _talking.InitializeAsync();
        _place = new TerminalPlace(_talking.Data);
    }

    public async ValueTask DisposeAsync()
    {
        _place.Dispose();
        await _talking.DisposeAsync();
    }

    [Fact]
    public async Task Watch_CtrlC_EndsWith130AndLeavesTheTerminalAndTheRun()
    {
        var run = await _talking.Client.StartRunAsync("talker", "one", cancellationToken: Stop);
        await using var terminal = Terminal.Start($"trap : INT; agentctl run watch {run.Name}; echo \"ended=$?\"; stty -a", _place);
        await terminal.WaitForAsync("run.started");
        await terminal.WaitForAsync("Ctrl-C ends the watch");
        await terminal.TypeAsync("\u0003");
        await terminal.WaitForExitAsync();

        var shown = terminal.Shown;
        Assert.Contains("ended=130", shown, StringComparison.Ordinal);
        foreach (var setting in new[] { "isig icanon", " echo ", " icrnl" }) Assert.Contains(setting, shown, StringComparison.Ordinal);
        Assert.DoesNotContain("-isig", shown, StringComparison.Ordinal);
        Assert.Equal(Count(shown, "\u001b[?25l"), Count(shown, "\u001b[?25h"));
        Assert.Equal(RunState.Running, (await _talking.Client.GetRunAsync(run.Name, Stop)).State);
    }

    [Fact]
    public async Task Watch_OfARunThatEnds_IsReadableAndLive()
    {
        var run = await _talking.Client.StartRunAsync("talker", "one", cancellationToken: Stop);
        await using var terminal = Terminal.Start($"agentctl run watch {run.Name}", _place);
        await terminal.WaitForAsync("run.started");
        for (var word = 0; word < 32; word++) _talking.Model.Ask();

        Assert.Equal(0, await terminal.WaitForExitAsync());
        Assert.Contains("talker version 1, for dave: one", terminal.Shown, StringComparison.Ordinal);
        Assert.Contains($"step 1: {TalkingEndpoint.AnswerTo("one")}", terminal.Shown, StringComparison.Ordinal);
        Assert.Contains("run.completed", terminal.Shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_InJson_GoesThroughJq_AndInYamlHasTheSame()
    {
        var run = await _talking.Client.StartRunAsync("talker", "one", cancellationToken: Stop);
        var (exitCode, shown) = await Terminal.RunAsync("agentctl run list -o json | jq -r '.name, .state'; agentctl run list -o yaml", _place);
        Assert.Equal(0, exitCode);
        var lines = shown.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([run.Name, "RUN_STATE_RUNNING", "---"], lines[..3]);
        var (_, none) = await Terminal.RunAsync("agentctl run list --filter 'state = FAILED' --order-by 'start_time asc'", _place);
        Assert.Equal("No run of tenant demo matches.", none.Trim());
        Assert.Contains($"name: {run.Name}", lines);
        Assert.Contains("state: RUN_STATE_RUNNING", lines);
    }

    [Fact]
    public async Task Text_OfATenant_CannotTakeTheTerminalOver()
    {
        var run = await _talking.Client.StartRunAsync("talker", Evil, cancellationToken: Stop);
        for (var word = 0; word < 32; word++) _talking.Model.Ask();
        await _talking.Client.WaitForRunAsync(run.Name, Stop);
        string[] forms = [$"run watch {run.Name}", $"run get {run.Name}", $"run get {run.Name} -o json", $"run get {run.Name} -o yaml", $"run watch {run.Name} -o yaml", $"run export {run.Name} --to -"];
        foreach (var form in forms)
        {
            var (exitCode, shown) = await Terminal.RunAsync($"agentctl {form}", _place);
            Assert.True(exitCode == 0, shown);
            Assert.Contains("txt.exe", shown, StringComparison.Ordinal);
            foreach (var raw in new[] { "\u001b[31m", "\u001b]0", "\u0007", "\u202e", "\u009b" }) Assert.DoesNotContain(raw, shown, StringComparison.Ordinal);
        }

        var (refused, error) = await Terminal.RunAsync("agentctl run get \"$(printf '\\033[31mred')\"", _place);
        Assert.Equal(2, refused);
        Assert.DoesNotContain("\u001b[31m", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ThatIsWrong_EndsWith4_AndTheDoctorSaysWhatIs()
    {
        var token = (await _talking.Agentctl.OkAsync("token", "--as", "dave", "--role", "developer")).Trim();
        var forged = new Dictionary<string, string> { ["AGENTRT_TOKEN"] = $"{token[..^8]}AAAAAAAA" };
        var (refused, error) = await Terminal.RunAsync("agentctl run list", _place, forged);
        Assert.True(refused == 4 && error.StartsWith("error: credential: ", StringComparison.Ordinal), error);

        Assert.Equal(0, (await Terminal.RunAsync("agentctl run list", _place, new Dictionary<string, string> { ["AGENTRT_TOKEN"] = token })).ExitCode);
        var (healthy, good) = await Terminal.RunAsync("agentctl doctor", _place);
        Assert.True(healthy == 0, good);
        foreach (var found in new[] { "answers and serves", "takes what is written", "accepts the token", "agrees with the server's", "good for 15 minutes" }) Assert.Contains(found, good, StringComparison.Ordinal);
        var (sick, bad) = await Terminal.RunAsync("agentctl doctor", _place, forged);
        Assert.True(sick == 4 && bad.Contains("WRONG: credential: ", StringComparison.Ordinal), bad);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}

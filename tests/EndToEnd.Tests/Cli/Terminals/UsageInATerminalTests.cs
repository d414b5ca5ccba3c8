extern alias cli;

using System.CommandLine;
using AgentRuntime.Testing;
using cli::AgentRuntime.Cli;

namespace AgentRuntime.EndToEnd.Tests.Cli.Terminals;

/// <summary>agentctl in a terminal where there is no silo.</summary>
public sealed class UsageInATerminalTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TerminalPlace _place;

    public UsageInATerminalTests() => _place = new TerminalPlace(_folder.Path);

    public void Dispose()
    {
        _place.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Help_OfEveryVerb_SaysWhatItDoes()
    {
        var verbs = CommandTree.All().SelectMany(command => Verbs(command, "")).ToList();
        Assert.True(verbs.Count > 40, $"{verbs.Count} verbs");
        foreach (var (path, description) in verbs)
        {
            var (exitCode, shown) = await Terminal.RunAsync($"agentctl {path} --help", _place);
            var words = string.Join(' ', shown.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            Assert.True(exitCode == 0 && words.Contains("Usage:", StringComparison.Ordinal), $"{path}: {exitCode} {shown}");
            Assert.Contains(description, words, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', shown);
        }
    }

    [Theory]
    [InlineData("agentctl run fly", 2, "Try --help.")]
    [InlineData("agentctl run list -o xml", 2, "'xml'")]
    [InlineData("agentctl run start a --input \"$(printf '\\033[31mred')\" --agent-version x", 2, "Try --help.")]
    [InlineData("agentctl run list", 3, "no silo has ever run on this data folder")]
    [InlineData("AGENTRT_TOKEN=nonsense agentctl run list --tenant demo --endpoint http://127.0.0.1:9", 3, "no silo answers")]
    [InlineData("agentctl completion tcsh", 2, "'tcsh'")]
    [InlineData("agentctl login --issuer http://192.0.2.1 --client-id x", 2, "must be https")]
    [InlineData("agentctl login --issuer https://127.0.0.1:9", 2, "--client-id")]
    public async Task Command_ThatCannotBe_EndsWithItsCodeAndOneLine(string line, int exitCode, string said)
    {
        var (ended, shown) = await Terminal.RunAsync(line, _place);
        Assert.True(exitCode == ended && shown.Contains(said, StringComparison.Ordinal), $"{ended}: {shown}");
        Assert.DoesNotContain("   at ", shown, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', shown);
    }

    [Theory]
    [InlineData("agentctl run st", "start")]
    [InlineData("agentctl appr", "approval")]
    [InlineData("agentctl run list --st", "--state")]
    [InlineData("agentctl run list -o y", "yaml")]
    public async Task Completion_InBash_OffersWhatComesNext(string typed, string offered)
    {
        var words = typed.Split(' ');
        var (exitCode, shown) = await Terminal.RunAsync(
            $"eval \"$(agentctl completion bash)\"; COMP_WORDS=({typed}); COMP_CWORD={words.Length - 1}; COMP_LINE='{typed}'; COMP_POINT={typed.Length}; _agentctl; printf '%s\\n' \"${{COMPREPLY[@]}}\"",
            _place);
        Assert.Equal(0, exitCode);
        Assert.Equal([offered], shown.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("agentctl approval app", "approval approve")]
    [InlineData("agentctl run list --st", "run list --state")]
    public async Task Completion_InZsh_CompletesWhatIsTyped(string typed, string completed)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/zsh"), "There is no zsh on this machine; install it.");
        await using var terminal = Terminal.Start("zsh -f -i", _place);

        // The line is not run: a widget shows it.
        await terminal.TypeAsync("autoload -Uz compinit && compinit -u -D; eval \"$(agentctl completion zsh)\"; show() { print -r -- \"<$BUFFER>\" }; zle -N show; bindkey '^T' show; print read''y\n");
        await terminal.WaitForAsync("ready");
        await terminal.TypeAsync($"{typed}\t\u0014");
        await terminal.WaitForAsync($"<agentctl {completed} ");
        await terminal.TypeAsync("\u0015exit\n");
        await terminal.WaitForExitAsync();
    }

    [Theory]
    [InlineData("agentctl approval app", "approve")]
    [InlineData("agentctl run list --st", "--state")]
    [InlineData("agentctl run list -o y", "yaml")]
    public async Task Completion_InFish_OffersWhatComesNext(string typed, string offered)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/fish"), "There is no fish on this machine; install it.");
        var (exitCode, shown) = await Terminal.RunAsync($"fish --no-config -c 'agentctl completion fish | source; complete -C \"{typed}\"'", _place);
        Assert.Equal(0, exitCode);
        Assert.Equal([offered], shown.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Doctor_WithoutASilo_SaysWhatIsWrongAndGoesOn()
    {
        var (exitCode, shown) = await Terminal.RunAsync("agentctl doctor", _place);
        Assert.Equal(3, exitCode);
        foreach (var check in new[] { "agentctl", "login", "token", "address" }) Assert.Contains($"\n{check}", $"\n{shown}", StringComparison.Ordinal);
        Assert.Contains("WRONG: ", shown, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Path, string Description)> Verbs(Command command, string above)
    {
        var path = $"{above}{command.Name}";
        var below = command.Subcommands.SelectMany(verb => Verbs(verb, $"{path} "));
        return below.Prepend((path, command.Description!));
    }
}

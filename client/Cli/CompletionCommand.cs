using System.CommandLine;

namespace AgentRuntime.Cli;

/// <summary><c>completion</c>: scripts that make a shell ask agentctl what could come next.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # agentctl completion bash: eval "$(agentctl completion bash)" in ~/.bashrc
        _agentctl() {
          local word=${COMP_WORDS[COMP_CWORD]} line
          COMPREPLY=()
          while IFS= read -r line; do
            [[ $line == "$word"* ]] && COMPREPLY+=("$line")
          done < <(agentctl "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
        }
        complete -o default -F _agentctl agentctl
        """;

    private const string Zsh = """
        #compdef agentctl
        # agentctl completion zsh: eval "$(agentctl completion zsh)" in ~/.zshrc, after compinit
        _agentctl() {
          local line="${(j: :)words[1,CURRENT]}"
          local -a lines
          lines=(${(f)"$(agentctl "[suggest:${#line}]" "$line" 2>/dev/null)"})
          compadd -a lines
        }
        compdef _agentctl agentctl
        """;

    private const string Fish = """
        # agentctl completion fish > ~/.config/fish/completions/agentctl.fish
        function __agentctl_suggest
          set -l line (commandline -cp)
          agentctl "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c agentctl -f -a "(__agentctl_suggest)"
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        return Verb.Local(
            "completion",
            "Print a script that makes a shell complete verbs and options. Its first line says where it goes.",
            (parsed, _) => Console.Out.WriteLineAsync(parsed.GetRequiredValue(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash }),
            shell);
    }
}

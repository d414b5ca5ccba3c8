namespace AgentRuntime.Demo.Views;

/// <summary>The commands that a person types next.</summary>
internal sealed record DemoNext(string DataFolder, int WaitingForApproval)
{
    private const string Cli = "dotnet run --project client/Cli --";

    public IReadOnlyList<string> Commands =>
    [
        $"{Cli} login --data {Quoted} --as YOUR-NAME --role approver",
        $"{Cli} approval list",
        $"{Cli} approval approve APPROVAL --reason \"checked\"",
        $"{Cli} approval approve --all --reason \"checked\"",
        $"{Cli} run list",
    ];

    private string Quoted => DataFolder.Contains(' ', StringComparison.Ordinal) ? $"\"{DataFolder}\"" : DataFolder;
}

namespace AgentRuntime.Runs.Driving;

/// <summary>This silo's generation: address, port and start. A silo that starts again is another owner.</summary>
internal sealed class SiloIdentity(ILocalSiloDetails silo)
{
    private string? _owner;

    public string Owner => _owner ??= silo.SiloAddress.ToParsableString();
}

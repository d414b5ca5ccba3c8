namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>Decides what of the unsynced changes reached the disk before the power went.</summary>
/// <param name="share">0 none of it (only what was synced), 1 all of it.</param>
/// <param name="seed">Makes the choice repeatable.</param>
internal sealed class Survivors(double share, int seed)
{
    private readonly Random _random = new(seed);

    public bool Keeps() => share >= 1 || (share > 0 && _random.NextDouble() < share);

    /// <summary>A write that was under way may be cut between two sectors.</summary>
    public byte[] Torn(byte[] bytes, int sectorBytes) => share is <= 0 or >= 1 || _random.NextDouble() < 0.7
        ? bytes
        : bytes[..(_random.Next(0, (bytes.Length / sectorBytes) + 1) * sectorBytes)];
}

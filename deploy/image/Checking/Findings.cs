namespace AgentRuntime.Image.Checking;

/// <summary>What a check found.</summary>
internal sealed class Findings
{
    public List<string> Faults { get; } = [];

    public int Blobs { get; set; }

    public long Bytes { get; set; }

    public int Files { get; set; }

    public int Packages { get; set; }

    public void Require(bool holds, string fault)
    {
        if (!holds) Faults.Add(fault);
    }
}

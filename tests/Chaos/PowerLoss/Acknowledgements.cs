using System.Security.Cryptography;
using System.Text;
using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>What the workload was told is durable, one line each: the workload writes them, the check reads them out of the trace.</summary>
internal sealed class Acknowledgements
{
    public Dictionary<(string Run, long Seq), string> Records { get; } = [];

    public HashSet<(string Tenant, string Name)> Artifacts { get; } = [];

    public HashSet<(string Run, long Seq)> Erasures { get; } = [];

    public static string Record(RunKey run, JournalEntry entry) => $"record {run} {entry.Seq} {HashOf(entry)}\n";

    public static string Artifact(TenantId tenant, string name) => $"artifact {tenant} {name}\n";

    public static string Erasure(RunKey run, long seq) => $"erasure {run} {seq}\n";

    public static string HashOf(JournalEntry entry) => Convert.ToHexStringLower(SHA256.HashData(entry.Header));

    public void Add(byte[] lines)
    {
        foreach (var line in Encoding.ASCII.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            switch (words[0])
            {
                case "record": Records[(words[1], Number(words[2]))] = words[3]; break;
                case "artifact": Artifacts.Add((words[1], words[2])); break;
                default: Erasures.Add((words[1], Number(words[2]))); break;
            }
        }
    }

    private static long Number(string text) => long.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}

using System.Globalization;
using System.Text;
using AgentRuntime.Runs.Journal;

namespace AgentRuntime.Chaos.Kill.Host;

/// <summary>
/// Every append that the journal acknowledged to a process, in a file that outlives it: each must still be there at the end. An append is
/// named by what its last header commits to, which no other record shares.
/// </summary>
internal sealed class AckFile(string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
    private readonly Lock _gate = new();

    public void Add(JournalAppend append)
    {
        var last = append.Entries[^1];
        var line = string.Create(
            CultureInfo.InvariantCulture, $"{append.Run.Run} {last.Seq} {Convert.ToHexStringLower(HeaderCodec.Decode(last.Header).PayloadCommitment)}\n");
        lock (_gate) _file.Write(Encoding.ASCII.GetBytes(line));
    }

    public static IEnumerable<(string Run, long Seq, string Commitment)> Read(string path) =>
        File.ReadLines(path).Select(line => line.Split(' ')).Where(parts => parts is [_, _, { Length: 64 }])
            .Select(parts => (parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]));

    public void Dispose() => _file.Dispose();
}

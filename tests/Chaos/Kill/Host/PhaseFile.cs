using System.IO.MemoryMappedFiles;

namespace AgentRuntime.Chaos.Kill.Host;

/// <summary>How many runs of a process are in which phase, in memory that outlives the process: read after its death, it tells where the kill hit.</summary>
internal sealed class PhaseFile : IDisposable
{
    private const int Bytes = 4096;
    private static readonly int PhaseCount = Enum.GetValues<Phase>().Length;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly Lock _gate = new();

    private PhaseFile(MemoryMappedFile file)
    {
        _file = file;
        _view = file.CreateViewAccessor(0, Bytes);
    }

    /// <summary>Makes the file of a process that is about to start.</summary>
    public static void Create(string path)
    {
        var content = new byte[Bytes];
        BitConverter.TryWriteBytes(content.AsSpan((int)Phase.InStart * sizeof(int)), 1);
        File.WriteAllBytes(path, content);
    }

    public static PhaseFile Open(string path) => new(MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, Bytes));

    public static IReadOnlySet<Phase> Read(string path)
    {
        var content = File.ReadAllBytes(path);
        return Enumerable.Range(0, PhaseCount).Where(phase => BitConverter.ToInt32(content, phase * sizeof(int)) > 0).Select(phase => (Phase)phase).ToHashSet();
    }

    public void Enter(Phase phase) => Add(phase, 1);

    public void Leave(Phase phase) => Add(phase, -1);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private void Add(Phase phase, int change)
    {
        lock (_gate) _view.Write((int)phase * sizeof(int), _view.ReadInt32((int)phase * sizeof(int)) + change);
    }
}

using System.Text;

namespace AgentRuntime.Image.Layers;

/// <summary>A file, folder or link of the image's root.</summary>
/// <param name="Path">From the root, without a slash before or after.</param>
/// <param name="Mode">Who may do what.</param>
/// <param name="Owner">User and group.</param>
/// <param name="Content">Gives a file's bytes; null for others.</param>
/// <param name="Target">A link's; null for others.</param>
internal sealed record RootEntry(string Path, UnixFileMode Mode, int Owner, Func<byte[]>? Content, string? Target)
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static RootEntry File(string path, byte[] content, bool isProgram = false) => new(path, isProgram ? Executable : Readable, 0, () => content, null);

    public static RootEntry FileOf(string path, string source, bool isProgram) => new(path, isProgram ? Executable : Readable, 0, () => System.IO.File.ReadAllBytes(source), null);

    public static RootEntry Text(string path, string text) => File(path, Encoding.UTF8.GetBytes(text));

    public static RootEntry Link(string path, string target) => new(path, Executable | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite, 0, null, target);

    public static RootEntry Folder(string path, int owner, UnixFileMode mode = Executable) => new(path, mode, owner, null, null);
}

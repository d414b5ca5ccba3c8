using AgentRuntime.Common;

namespace AgentRuntime.Models.Recordings;

/// <summary>A recording that is written, by one process at a time. What is there is kept and added to.</summary>
internal sealed class RecordingFile : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly string _path;
    private readonly long _maxBytes;
    private readonly FileStream _file;
    private readonly HashSet<string> _parts;

    private RecordingFile(string path, long maxBytes, FileStream file, Recording held)
    {
        (_path, _maxBytes, _file) = (path, maxBytes, file);
        _parts = [.. held.Parts.Keys];
    }

    /// <exception cref="AgentRuntimeException">The file is another process's, is no recording or cannot be written; the message names it.</exception>
    public static RecordingFile Open(string path, long maxBytes)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            var file = new FileStream(path, options);
            try
            {
                return Continue(path, maxBytes, file);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new AgentRuntimeException(
                ErrorCode.FailedPrecondition, $"Recording {path} cannot be written ({failure.GetType().Name}). Each silo needs a file of its own, in a folder that it may write to.", inner: failure);
        }
    }

    /// <summary>Writes an exchange and what of its request is not there yet.</summary>
    /// <exception cref="AgentRuntimeException">LimitExceeded: the recording is full.</exception>
    public async Task WriteAsync(RecordedRequest request, RecordedExchange exchange)
    {
        await _gate.WaitAsync();
        try
        {
            var added = request.Messages.Append(request.Tools).Where(part => !_parts.Contains(part.Id)).DistinctBy(static part => part.Id).ToList();
            var bytes = new List<byte>();
            foreach (var part in added) bytes.AddRange([.. Recording.LineOf(part), (byte)'\n']);
            bytes.AddRange([.. Recording.LineOf(exchange), (byte)'\n']);
            if (_file.Position + bytes.Count > _maxBytes)
                throw new AgentRuntimeException(ErrorCode.LimitExceeded, $"Recording {_path} is full: {_maxBytes} bytes are allowed. Begin another file, or raise its limit.");
            await _file.WriteAsync(bytes.ToArray());
            await _file.FlushAsync();
            foreach (var part in added) _parts.Add(part.Id);
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _gate.Dispose();
    }

    private static RecordingFile Continue(string path, long maxBytes, FileStream file)
    {
        var held = Recording.Read(path, file);
        file.SetLength(held.Length);
        file.Position = held.Length;
        if (held.Length == 0) file.Write([.. Recording.FirstLine, (byte)'\n']);
        return new RecordingFile(path, maxBytes, file, held);
    }
}

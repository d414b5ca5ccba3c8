using System.Globalization;

namespace AgentRuntime.Embedded.Folder;

/// <summary>
/// The locks of the silos that serve a data folder, one each, named after the silo port. Whoever can take one knows for certain that its
/// process has ended.
/// </summary>
internal static class SiloSeats
{
    /// <summary>Takes a seat, or returns null when a silo sits there.</summary>
    public static FileLock? TryTake(DataFolder folder, int port)
    {
        Directory.CreateDirectory(folder.At(FolderLayout.Seats));
        return FileLock.TryTake(folder.At(FolderLayout.Seats, string.Create(CultureInfo.InvariantCulture, $"{port}.lock")));
    }

    /// <summary>The silo ports whose processes live, this one's included. To be called under <see cref="DataFolder.LockAsync(TimeProvider, CancellationToken)"/>.</summary>
    public static IReadOnlyList<int> FindLiving(string folder)
    {
        var seats = Path.Combine(folder, FolderLayout.Seats);
        return Directory.Exists(seats) ? [.. Living(seats)] : [];
    }

    private static IEnumerable<int> Living(string seats)
    {
        foreach (var file in Directory.EnumerateFiles(seats, "*.lock"))
        {
            if (int.TryParse(Path.GetFileNameWithoutExtension(file), CultureInfo.InvariantCulture, out var port))
            {
                using var free = FileLock.TryTake(file);
                if (free is null)
                {
                    yield return port;
                }
            }
        }
    }
}

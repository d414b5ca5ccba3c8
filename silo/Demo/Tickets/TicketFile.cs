using System.Text;
using AgentRuntime.Common;

namespace AgentRuntime.Demo.Tickets;

/// <summary>Reads tickets from JSON Lines, all of the file or none of it.</summary>
internal static class TicketFile
{
    public const int MaxBytes = 16 * 1024 * 1024;
    public const int MaxTickets = 10_000;

    /// <param name="path">The file.</param>
    /// <param name="today">The day of receipt of a line that names none.</param>
    /// <exception cref="InvalidInputException">The file is not there, too large, or a line is refused; the message names file, line and key.</exception>
    public static IReadOnlyList<Ticket> Read(string path, DateOnly today)
    {
        var lines = ReadLines(path);
        var tickets = new List<Ticket>();
        var seen = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < lines.Length; i++)
        {
            if (string.IsNullOrWhiteSpace(lines[i])) continue;
            var where = $"{path}:{i + 1}";
            var ticket = TicketLine.Read(lines[i], where, today);
            if (!seen.TryAdd(ticket.Id, i + 1))
                throw new InvalidInputException(where, $"id '{ticket.Id}' is also in line {seen[ticket.Id]}. Give one another id.");
            if (tickets.Count >= MaxTickets) throw new InvalidInputException(where, $"a file holds at most {MaxTickets} tickets. Split it.");
            tickets.Add(ticket);
        }

        return tickets.Count > 0
            ? tickets
            : throw new InvalidInputException(path, "has no ticket. Write one JSON object a line, such as {\"id\":\"a-1\",\"customer\":\"Ana\",\"subject\":\"...\",\"body\":\"...\"}.");
    }

    private static string[] ReadLines(string path)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) throw new InvalidInputException(path, $"must be at most {MaxBytes} bytes. Split it.");
            return File.ReadAllText(path, new UTF8Encoding(false, throwOnInvalidBytes: true)).Split('\n');
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidInputException(path, "is not UTF-8. Convert it, for example with iconv -t UTF-8.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(path, $"cannot be read: {failure.Message}");
        }
    }
}

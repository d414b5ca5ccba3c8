using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;

namespace AgentRuntime.Cli.Output;

/// <summary>How values read in a table.</summary>
internal static class Words
{
    /// <summary><c>WaitingForApproval</c> as <c>waiting-for-approval</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, System.Enum
    {
        var words = new StringBuilder();
        foreach (var c in value.ToString())
        {
            if (char.IsUpper(c) && words.Length > 0) words.Append('-');
            words.Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }

    /// <summary>Reads what <see cref="Of{T}"/> writes; null when nothing was typed.</summary>
    public static T Parse<T>(string? typed, string option)
        where T : struct, System.Enum
    {
        if (typed is null) return default;
        foreach (var value in System.Enum.GetValues<T>())
        {
            if (Convert.ToInt32(value, CultureInfo.InvariantCulture) != 0 && Of(value) == typed) return value;
        }

        var all = System.Enum.GetValues<T>().Where(value => Convert.ToInt32(value, CultureInfo.InvariantCulture) != 0).Select(Of);
        throw new CliException(ExitCode.Usage, $"{option} {Safe.Text(typed)}: must be one of {string.Join(", ", all)}.");
    }

    public static string Of(Timestamp? time) =>
        time?.ToDateTimeOffset().ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary><c>issuer|person|anna</c> as <c>anna</c>; a service says that it is one.</summary>
    public static string Identity(string? identity) => identity?.Split('|') switch
    {
        [_, "person", var name] => name,
        [_, "service", var name] => $"{name} (service)",
        _ => identity ?? "",
    };
}

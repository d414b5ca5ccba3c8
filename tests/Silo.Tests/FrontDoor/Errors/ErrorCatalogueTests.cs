using AgentRuntime.FrontDoor.Errors;

namespace AgentRuntime.Silo.Tests.FrontDoor.Errors;

/// <summary>The page of errors says of each code what the code does, and of no other.</summary>
public sealed class ErrorCatalogueTests
{
    private static readonly Dictionary<string, int> HttpStatuses = new(StringComparer.Ordinal)
    {
        ["INTERNAL"] = 500, ["INVALID_ARGUMENT"] = 400, ["NOT_FOUND"] = 404, ["ALREADY_EXISTS"] = 409, ["PERMISSION_DENIED"] = 403, ["UNAUTHENTICATED"] = 401,
        ["FAILED_PRECONDITION"] = 400, ["RESOURCE_EXHAUSTED"] = 429, ["UNAVAILABLE"] = 503, ["DEADLINE_EXCEEDED"] = 504, ["DATA_LOSS"] = 500, ["ABORTED"] = 409, ["CANCELLED"] = 408,
    };

    private static readonly string[][] Rows =
    [
        .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "ERRORS.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)),
    ];

    [Fact]
    public void Page_HasEveryCodeOnceAndNoOther() =>
        Assert.Equal(Enum.GetValues<ErrorCode>().Select(code => $"`{StatusTable.ReasonOf(code)}`"), Rows.Select(row => row[0]));

    [Fact]
    public void Page_OfEachCode_NamesItsStatusesItsCauseAndItsFix()
    {
        foreach (var code in Enum.GetValues<ErrorCode>())
        {
            var row = Rows.Single(row => row[0] == $"`{StatusTable.ReasonOf(code)}`");
            var status = string.Concat(StatusTable.For(code).ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));
            Assert.Equal([$"`{status}`", $"{HttpStatuses[status]}"], row[1..3]);
            Assert.True(row.Length == 5 && row[3].Length > 10 && row[4].Length > 10, row[0]);
        }
    }
}

using System.Globalization;

namespace AgentRuntime.AwsStore.Journal;

/// <summary>Consecutive records of one append that lie outside its item, in one or more pieces.</summary>
/// <param name="FirstSeq">Seq of the first.</param>
/// <param name="Count">How many.</param>
/// <param name="Id">Follows from the first record's header, which is random enough: an append that is tried again writes the same pieces.</param>
/// <param name="Revision">Grows when a record of it is erased, by a random step; the pieces of earlier revisions are deleted.</param>
/// <param name="Pieces">In how many pieces.</param>
internal sealed record PieceGroup(long FirstSeq, int Count, string Id, int Revision, int Pieces)
{
    private const char GroupSeparator = ',';
    private const char PartSeparator = ':';

    public static string Encode(IEnumerable<PieceGroup> groups) => string.Join(GroupSeparator, groups.Select(each =>
        string.Create(CultureInfo.InvariantCulture, $"{each.FirstSeq}{PartSeparator}{each.Count}{PartSeparator}{each.Id}{PartSeparator}{each.Revision}{PartSeparator}{each.Pieces}")));

    public static List<PieceGroup> Decode(string text) => [.. text.Split(GroupSeparator).Select(static each =>
    {
        var parts = each.Split(PartSeparator);
        return parts.Length == 5
            ? new PieceGroup(long.Parse(parts[0], CultureInfo.InvariantCulture), Number(parts[1]), parts[2], Number(parts[3]), Number(parts[4]))
            : throw new InvalidDataException($"'{each}' is no group of pieces");
    })];

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}

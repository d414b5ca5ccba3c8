namespace AgentRuntime.Demo.Help;

/// <summary>
/// Keyword search over the help pages by Okapi BM25 (Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", equation 3.15),
/// with the usual k1 = 1.2 and b = 0.75. Words of a title count three times.
/// </summary>
internal sealed class HelpIndex
{
    public const int MaxResults = 3;
    private const double K1 = 1.2;
    private const double B = 0.75;
    private const int TitleWeight = 3;

    private readonly IReadOnlyList<HelpPage> _pages;
    private readonly Dictionary<string, List<(int Page, int Count)>> _postings = new(StringComparer.Ordinal);
    private readonly int[] _lengths;
    private readonly double _meanLength;

    public HelpIndex(IReadOnlyList<HelpPage> pages)
    {
        _pages = pages;
        _lengths = new int[pages.Count];
        for (var i = 0; i < pages.Count; i++)
        {
            var words = HelpWords.Of(pages[i].Text).Concat(Enumerable.Repeat(HelpWords.Of(pages[i].Title), TitleWeight).SelectMany(title => title)).ToList();
            _lengths[i] = words.Count;
            foreach (var group in words.GroupBy(word => word, StringComparer.Ordinal))
            {
                if (!_postings.TryGetValue(group.Key, out var postings)) _postings[group.Key] = postings = [];
                postings.Add((i, group.Count()));
            }
        }

        _meanLength = pages.Count == 0 ? 1 : Math.Max(1, _lengths.Average());
    }

    /// <summary>The best pages, best first; equal ones in order of their names. None when no word fits.</summary>
    public IReadOnlyList<(HelpPage Page, double Score)> Search(string query)
    {
        var scores = new SortedDictionary<int, double>();
        foreach (var word in HelpWords.Of(query).Distinct(StringComparer.Ordinal))
        {
            if (!_postings.TryGetValue(word, out var postings)) continue;
            var rarity = Math.Log(1 + (_pages.Count - postings.Count + 0.5) / (postings.Count + 0.5));
            foreach (var (page, count) in postings)
                scores[page] = scores.GetValueOrDefault(page) + rarity * count * (K1 + 1) / (count + K1 * (1 - B + B * _lengths[page] / _meanLength));
        }

        return [.. scores.OrderByDescending(score => score.Value).Take(MaxResults).Select(score => (_pages[score.Key], Math.Round(score.Value, 3)))];
    }
}

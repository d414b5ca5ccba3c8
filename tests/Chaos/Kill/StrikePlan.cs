using AgentRuntime.Chaos.Kill.Script;

namespace AgentRuntime.Chaos.Kill;

/// <summary>The strikes of a campaign: decks with each kind in them, shuffled by the seed.</summary>
internal static class StrikePlan
{
    private static readonly StrikeKind[] ThreeSilos =
    [
        StrikeKind.One, StrikeKind.One, StrikeKind.One, StrikeKind.All, StrikeKind.LoneSurvivor, StrikeKind.Freeze,
        StrikeKind.DuringStart, StrikeKind.DuringStart,
    ];

    private static readonly StrikeKind[] OneSilo =
    [
        StrikeKind.One, StrikeKind.One, StrikeKind.One, StrikeKind.One, StrikeKind.One, StrikeKind.Freeze,
        StrikeKind.DuringStart, StrikeKind.DuringStart,
    ];

    public static IEnumerable<Strike> Of(KillOptions options)
    {
        var left = options.Kills;
        for (var number = 0; left > 0;)
        {
            var deck = (StrikeKind[])(options.Silos == 1 ? OneSilo : ThreeSilos).Clone();
            for (var i = deck.Length - 1; i > 0; i--)
            {
                var other = Dice.Roll(i + 1, options.Seed, number, i, 8);
                (deck[i], deck[other]) = (deck[other], deck[i]);
            }

            foreach (var kind in deck)
            {
                if (left <= 0) yield break;
                var strike = new Strike(kind == StrikeKind.DuringStart && left == 1 ? StrikeKind.One : kind, number++);
                left -= strike.Kills;
                yield return strike;
            }
        }
    }
}

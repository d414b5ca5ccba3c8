using System.Globalization;

namespace AgentRuntime.Aws.DynamoDb.GrainState;

/// <summary>
/// What a grain's state remembers between requests: the version that it last saw, and of a write since then whose answer never came the version and the id
/// that it would have given. It travels as the etag of Orleans, so that it lives exactly as long as the activation that needs it.
/// </summary>
/// <param name="Version">The version as last confirmed; 0 when nothing was stored.</param>
/// <param name="Unanswered">The write that may have happened.</param>
/// <param name="Object">The object with the confirmed state, when it is too large for the item.</param>
internal sealed record StateEtag(long Version, StateWrite? Unanswered = null, string? Object = null)
{
    private const char BeforeWrite = '~';
    private const char BeforeObject = '@';

    public static readonly StateEtag Nothing = new(0);

    // An etag that is not ours matches nothing that is stored.
    private static readonly StateEtag Foreign = new(-1);

    public static StateEtag Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return Nothing;
        var (front, name) = Split(text, BeforeObject);
        var (number, write) = Split(front, BeforeWrite);
        if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version)) return Foreign;
        return new StateEtag(version, write is null ? null : StateWrite.Parse(write), name);
    }

    public override string ToString() => string.Concat(
        Version.ToString(CultureInfo.InvariantCulture),
        Unanswered is null ? "" : $"{BeforeWrite}{Unanswered}",
        Object is null ? "" : $"{BeforeObject}{Object}");

    private static (string Front, string? Back) Split(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var index ? (text[..index], text[(index + 1)..]) : (text, null);
}

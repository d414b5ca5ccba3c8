using System.Text;
using System.Text.Json;

namespace AgentRuntime.Models.Recordings;

/// <summary>
/// Says where a request leaves the recorded one that it goes along with the longest. Places only: a failure reaches people who may not read
/// the conversation.
/// </summary>
internal static class RecordingDifference
{
    public static string Describe(Recording recording, RecordedRequest request)
    {
        if (recording.Exchanges.Count == 0) return "It holds no exchange.";
        var (nearest, at) = (0, -1);
        for (var i = 0; i < recording.Exchanges.Count; i++)
        {
            var common = Common(recording.Exchanges[i], request);
            if (common > at) (nearest, at) = (i, common);
        }

        return $"The nearest is exchange {nearest + 1} of {recording.Exchanges.Count}: {Difference(recording, recording.Exchanges[nearest], request, at)}.";
    }

    private static int Common(RecordedExchange exchange, RecordedRequest request)
    {
        var common = 0;
        while (common < exchange.Messages.Count && common < request.Messages.Count && exchange.Messages[common] == request.Messages[common].Id) common++;
        return common;
    }

    private static string Difference(Recording recording, RecordedExchange exchange, RecordedRequest request, int at)
    {
        if (at < exchange.Messages.Count && at < request.Messages.Count)
        {
            var (asked, recorded) = (Encoding.UTF8.GetString(request.Messages[at].Json), recording.Parts[exchange.Messages[at]]);
            var same = asked.AsSpan().CommonPrefixLength(recorded);
            return $"message {at + 1} ({Role(asked)}, recorded {Role(recorded)}) differs from character {same + 1} of its JSON on";
        }

        if (exchange.Messages.Count != request.Messages.Count)
            return $"the first {at} messages are the same, but {request.Messages.Count} are sent and {exchange.Messages.Count} were";
        return exchange.Tools != request.Tools.Id
            ? "the messages are the same, but not the tools"
            : $"messages and tools are the same, but the options are {request.Options} and were {exchange.Options}";
    }

    private static string Role(string message)
    {
        using var json = JsonDocument.Parse(message);
        return json.RootElement.GetProperty("role").GetString()!;
    }
}

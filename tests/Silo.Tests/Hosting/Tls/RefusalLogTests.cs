using AgentRuntime.Hosting.Tls;
using AgentRuntime.Silo.Tests.Mcp;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.Hosting.Tls;

public sealed class RefusalLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Log _lines = new();

    [Fact]
    public void Refused_Often_TellsSomeOfEachReasonAndLaterHowManyMore()
    {
        var log = new RefusalLog(_time, _lines);
        for (var each = 0; each < RefusalLog.MaxLines + 5; each++) log.Refused("from a", new Refusal(Refusal.NoTls, "rubbish"));
        log.Refused("from b", new Refusal(Refusal.Untrusted, "foreign"));
        Assert.Equal(RefusalLog.MaxLines + 1, _lines.Lines.Count);
        Assert.Equal("The connection from b was refused: foreign.", _lines.Lines[^1]);

        _time.Advance(RefusalLog.Window);
        log.Refused("from a", new Refusal(Refusal.NoTls, "rubbish"));
        Assert.Equal(["5 more connections were refused: no_tls.", "The connection from a was refused: rubbish."], _lines.Lines.TakeLast(2));
    }

    private sealed class Log : ListLogger, ILogger<RefusalLog>;
}

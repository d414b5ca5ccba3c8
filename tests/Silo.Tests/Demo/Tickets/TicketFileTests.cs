using AgentRuntime.Common;
using AgentRuntime.Demo.Tickets;

namespace AgentRuntime.Silo.Tests.Demo.Tickets;

public sealed class TicketFileTests : IDisposable
{
    private const string Good = """{"id":"a-1","customer":"Ana","subject":"Hi","body":"Lamp"}""";
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Read_LineWithoutDay_TakesToday()
    {
        var ticket = Assert.Single(Read($"\n{Good}\r\n\n"));

        Assert.Equal(("a-1", "2026-03-01", null), (ticket.Id, ticket.Received, ticket.ExpectedLabel));
    }

    [Theory]
    [InlineData("""{"id":"a-2","customer":"Ana","subject":"Hi"}""", ":2: needs 'body'")]
    [InlineData("""{"id":"a-2","customer":"Ana","subject":"Hi","body":"x","prio":1}""", ":2: has no key 'prio'")]
    [InlineData("""{"id":"a-2","id":"a-3","customer":"Ana","subject":"Hi","body":"x"}""", ":2: is no JSON object")]
    [InlineData("""{"id":"a-2","customer":7,"subject":"Hi","body":"x"}""", ":2: 'customer' must be a text, not Number")]
    [InlineData("""{"id":"a/2","customer":"Ana","subject":"Hi","body":"x"}""", ":2: id 'a/2' must be")]
    [InlineData("""{"id":"ａ","customer":"Ana","subject":"Hi","body":"x"}""", ":2: id")]
    [InlineData("""{"id":"A-1","customer":"Ana","subject":"Hi","body":"x"}""", ":2: id 'A-1' is also in line 1")]
    [InlineData("""{"id":"a-2","customer":"Ana","subject":"Hi","body":"x","received":"2026-02-30"}""", ":2: 'received' must be a day")]
    [InlineData("""{"id":"a-2","customer":"Ana","subject":"Hi","body":"x","expectedLabel":"money"}""", ":2: 'expectedLabel' must be one of")]
    [InlineData("""{"id":"a-2","customer":"Ana","subject":"","body":"x"}""", ":2: 'subject' must be 1 to 200 characters, not 0")]
    [InlineData("""{"id":"a-2","customer":"\ud800","subject":"Hi","body":"x"}""", ":2: ")]
    [InlineData("[]", ":2: must be a JSON object")]
    [InlineData("[[[[[[1]]]]]]", ":2: is no JSON object")]
    [InlineData("id,customer", ":2: is no JSON object")]
    public void Read_BadLine_NamesFileLineAndCulprit(string line, string part)
    {
        var refused = Assert.Throws<InvalidInputException>(() => Read($"{Good}\n{line}\n"));

        Assert.Contains($"{_path}{part}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Empty_ShowsAnExample() =>
        Assert.Contains("has no ticket", Assert.Throws<InvalidInputException>(() => Read("\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_NotThere_NamesTheFile() => Assert.Contains(
        "/not/there.jsonl: cannot be read",
        Assert.Throws<InvalidInputException>(() => TicketFile.Read("/not/there.jsonl", new DateOnly(2026, 3, 1))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Read_NotUtf8_SaysSo()
    {
        File.WriteAllBytes(_path, [0x7b, 0xff, 0xfe, 0x7d]);

        Assert.Contains("is not UTF-8", Assert.Throws<InvalidInputException>(() => TicketFile.Read(_path, default)).Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<Ticket> Read(string text)
    {
        File.WriteAllText(_path, text);
        return TicketFile.Read(_path, new DateOnly(2026, 3, 1));
    }
}

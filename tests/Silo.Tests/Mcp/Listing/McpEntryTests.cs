using System.Text.Json;
using AgentRuntime.Mcp.Listing;

namespace AgentRuntime.Silo.Tests.Mcp.Listing;

public sealed class McpEntryTests
{
    private const string Entry = """{"name":"say","description":"Says.","inputSchema":{"type":"object","required":["a"]},"annotations":{"readOnlyHint":true}}""";

    // Written down once: contracts in stores pin it.
    [Fact]
    public void Hash_OfAnEntry_IsTheOneOnRecord() =>
        Assert.Equal("3f8c83fb1d1af87566ac8f7cc744aa210df22b9d191ce31da027137bb30838af", Read(Entry).Hash);

    [Theory]
    [InlineData("""{"annotations":{"destructiveHint":true},"inputSchema":{"required":["a"],"type":"object"},"name":"say","description":"Says."}""")]
    [InlineData("""{"name":"say","title":"Say it","description":"Says.","inputSchema":{ "type" : "object", "required":["a"]}}""")]
    public void Hash_OrderSpacesAndOtherMembers_DoNotCount(string entry) => Assert.Equal(Read(Entry).Hash, Read(entry).Hash);

    [Theory]
    [InlineData("\"say\"", "\"Say\"")]
    [InlineData("Says.", "Says it.")]
    [InlineData("[\"a\"]", "[\"b\"]")]
    [InlineData("\"annotations\"", "\"outputSchema\"")]
    public void Hash_NameDescriptionAndSchemas_Count(string from, string to) =>
        Assert.NotEqual(Read(Entry).Hash, Read(Entry.Replace(from, to, StringComparison.Ordinal)).Hash);

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"name":5,"inputSchema":null,"execution":"x"}""")]
    [InlineData("""{"name":"a","name":"b","inputSchema":[]}""")]
    public void Read_OddEntry_DoesNotThrow(string entry) => Assert.Equal(64, Read(entry).Hash.Length);

    [Theory]
    [InlineData("description", 8_193)]
    [InlineData("inputSchema", 262_145)]
    [InlineData("outputSchema", 262_145)]
    public void Read_EntryThatNoContractCanHold_KeepsItsNameAndHash(string part, int length)
    {
        string Text(int more) => Entry.Replace("\"annotations\":", $"\"x\":0,\"{part}\":\"{new string('x', length - (part == "description" ? 0 : 2) + more)}\",\"annotations\":", StringComparison.Ordinal);
        var (fits, tooLarge, other) = (Read(Text(-1)), Read(Text(0)), Read(Text(1)));

        Assert.Null(fits.Refusal);
        Assert.Equal(part, tooLarge.Refusal!.Field);
        Assert.Equal(("say", null, null, null), (tooLarge.Name, tooLarge.Description, tooLarge.InputSchema, tooLarge.OutputSchema));
        Assert.NotEqual(tooLarge.Hash, other.Hash);
    }

    private static McpEntry Read(string json) => McpEntry.Read(JsonElement.Parse(json));
}

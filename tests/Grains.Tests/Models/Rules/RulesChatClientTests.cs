using System.Text.Json;
using AgentRuntime.Models;
using AgentRuntime.Models.Rules;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Grains.Tests.Models.Rules;

public sealed class RulesChatClientTests : IDisposable
{
    private const string Yaml = """
        kind: Rules
        name: sample
        rules:
          - name: read
            when:
              input: '(?i)ticket (?<id>[0-9]+)'
              called: { read-ticket: 0 }
            call:
              - tool: read-ticket
                arguments: { id: '{id:number}', note: 'of {id}', deep: { list: ['{id}', 1, true, null] } }
              - tool: search
                arguments: { query: fixed }
          - name: refused
            when: { after: read-ticket, results: { read-ticket: { $: '^denied' } } }
            handover: The ticket could not be read.
          - name: by person
            when: { user: '^label (?<label>[a-z]+)$', called: { label: 0 } }
            take: { whole: 'read-ticket $' , tag: 'read-ticket $.tags[1]' }
            call:
              - tool: label
                arguments: { label: '{label}', ticket: '{whole:json}', tag: '{tag}' }
          - name: billing
            when: { results: { read-ticket: { $.subject: '(?i)invoice|bill' } }, called: { label: 0 } }
            take: { subject: read-ticket $.subject }
            answer: 'Billing: {subject} {{sic}}'
          - name: number
            when: { results: { read-ticket: { $.subject: '^number (?<n>.*)$' } }, called: { label: 0 } }
            call:
              - tool: label
                arguments: { n: '{n:number}' }
        """;

    private readonly RulesChatClient _model = new(RuleSet.Parse(Yaml));

    public void Dispose() => _model.Dispose();

    [Fact]
    public async Task GetResponse_Input_FillsArgumentsFromCaptures()
    {
        var reply = await ReplyTo(new ChatMessage(ChatRole.User, "Please see Ticket 042"));

        Assert.Equal(ChatFinishReason.ToolCalls, reply.FinishReason);
        var calls = CallsOf(reply);
        Assert.Equal(["call-1", "call-2"], calls.Select(call => call.CallId));
        Assert.Equal("""{"id":42,"note":"of 042","deep":{"list":["042",1,true,null]}}""", JsonSerializer.Serialize(calls[0].Arguments));
    }

    [Fact]
    public async Task GetResponse_ResultMatches_AnswerDependsOnIt()
    {
        var reply = await ReplyTo([.. Asked("ticket 1"), Answered("""{"subject":"Wrong invoice"}""")]);

        Assert.Equal(ChatFinishReason.Stop, reply.FinishReason);
        Assert.Equal("Billing: Wrong invoice {sic}", reply.Text);
    }

    [Theory]
    [InlineData("""{"subject":"How do I print?"}""")]
    [InlineData("""{"subject":null}""")]
    [InlineData("""{"subject":"invoi""")]
    [InlineData("""["invoice"]""")]
    [InlineData("""{"\ud800":1,"subject":"other"}""")]
    [InlineData("""{"subject":"\ud800"}""")]
    [InlineData("")]
    public async Task GetResponse_NoRuleMatches_HandsOverAndNeverGuesses(string result)
    {
        var reply = await ReplyTo([.. Asked("ticket 1"), Answered(result)]);

        Assert.Equal(FinishReasons.Handover, reply.FinishReason);
        Assert.Equal("No rule of sample matched after read-ticket. A person has to go on.", reply.Text);
        Assert.Empty(CallsOf(reply));
    }

    [Fact]
    public async Task GetResponse_NothingSaid_HandsOver()
    {
        Assert.Equal(FinishReasons.Handover, (await ReplyTo()).FinishReason);
        Assert.Equal(FinishReasons.Handover, (await ReplyTo(new ChatMessage(ChatRole.User, "hello"))).FinishReason);
    }

    [Fact]
    public async Task GetResponse_ErrorOfTool_RuleSeesItsText() => Assert.Equal(
        "The ticket could not be read.", (await ReplyTo([.. Asked("ticket 1"), Answered("denied by policy")])).Text);

    [Fact]
    public async Task GetResponse_PersonGivesInput_LastInputDecides()
    {
        var reply = await ReplyTo(
        [
            .. Asked("ticket 1"), Answered("""{"subject":"x","tags":["a","b"]}"""),
            new ChatMessage(ChatRole.Assistant, "No rule"), new ChatMessage(ChatRole.User, "label urgent"),
        ]);

        var call = Assert.Single(CallsOf(reply));
        Assert.Equal("call-8", call.CallId);
        Assert.Equal("""{"label":"urgent","ticket":{"subject":"x","tags":["a","b"]},"tag":"b"}""", JsonSerializer.Serialize(call.Arguments));
    }

    [Theory]
    [InlineData("12.5", true)]
    [InlineData("twelve", false)]
    [InlineData("1e9", false)]
    [InlineData("", false)]
    public async Task GetResponse_NumberForm_IsANumberOrHandsOver(string text, bool isNumber)
    {
        var reply = await ReplyTo([.. Asked("ticket 1"), Answered($$"""{"subject":"number {{text}}"}""")]);

        Assert.Equal(isNumber ? ChatFinishReason.ToolCalls : FinishReasons.Handover, reply.FinishReason);
        if (!isNumber) Assert.Contains("Rule 'number' of sample matched, but argument 'n' of label is no number", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetResponse_SameConversation_SameReply()
    {
        List<ChatMessage> conversation = [.. Asked("ticket 7"), Answered("""{"subject":"number 5"}""")];

        var first = await ReplyTo(conversation);
        var second = await new RulesChatClient(RuleSet.Parse(Yaml)).GetResponseAsync(conversation, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(JsonSerializer.Serialize(first, AIJsonUtilities.DefaultOptions), JsonSerializer.Serialize(second, AIJsonUtilities.DefaultOptions));
    }

    [Fact]
    public async Task GetResponse_Usage_CountsCharactersByFour()
    {
        var reply = await ReplyTo(new ChatMessage(ChatRole.User, "nothing in the rules"));

        Assert.Equal(5, reply.Usage!.InputTokenCount);
        Assert.Equal((reply.Text.Length + 3) / 4, reply.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task GetResponse_HostileText_StaysLinear()
    {
        using var hostile = new RulesChatClient(RuleSet.Parse(
            "kind: Rules\nname: h\nrules:\n  - name: r\n    when: { input: '^(a+)+$' }\n    answer: x\n"));

        var reply = await hostile.GetResponseAsync(
            [new ChatMessage(ChatRole.User, new string('a', 60_000) + "!")], cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(FinishReasons.Handover, reply.FinishReason);
    }

    [Fact]
    public async Task GetStreamingResponse_Calls_SameAsWhole()
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in _model.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, "ticket 3")], cancellationToken: TestContext.Current.CancellationToken))
            updates.Add(update);

        Assert.Equal(["read-ticket", "search"], CallsOf(updates.ToChatResponse()).Select(call => call.Name));
    }

    private static List<ChatMessage> Asked(string input) =>
    [
        new(ChatRole.System, "instructions"),
        new(ChatRole.User, input),
        new(ChatRole.Assistant, [new FunctionCallContent("call-7", "read-ticket", new Dictionary<string, object?> { ["id"] = 1 })]),
    ];

    private static ChatMessage Answered(string result) => new(ChatRole.Tool, [new FunctionResultContent("call-7", result)]);

    private static FunctionCallContent[] CallsOf(ChatResponse reply) =>
        [.. reply.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>()];

    private Task<ChatResponse> ReplyTo(params IEnumerable<ChatMessage> conversation) =>
        _model.GetResponseAsync(conversation, cancellationToken: TestContext.Current.CancellationToken);
}

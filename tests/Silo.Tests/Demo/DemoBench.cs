using System.Text.Json;
using AgentRuntime.Common;
using AgentRuntime.Demo;
using AgentRuntime.Demo.Help;
using AgentRuntime.Demo.Orders;
using AgentRuntime.Demo.Tickets;
using AgentRuntime.Models;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Functions;
using AgentRuntime.Tools.Manifests;
using Microsoft.Extensions.AI;

namespace AgentRuntime.Silo.Tests.Demo;

/// <summary>The sample agents without a runtime: their rules, their functions, their contracts, one ticket after the other.</summary>
internal sealed class DemoBench : IDisposable
{
    private const int MaxSteps = 10;

    private readonly string _folder = Directory.CreateTempSubdirectory("demo").FullName;
    private readonly Helpdesk _helpdesk;
    private readonly OrdersDatabase _orders;
    private readonly FunctionTools _functions = new();
    private readonly Dictionary<string, ToolManifest> _contracts;

    private DemoBench(DemoSamples samples)
    {
        _helpdesk = new Helpdesk(Path.Combine(_folder, "helpdesk.db"), TimeProvider.System);
        _orders = new OrdersDatabase(Path.Combine(_folder, "orders.db"), TimeProvider.System);
        var tools = new DemoTools(_helpdesk, new HelpIndex(HelpPage.ReadAll(samples.Help)), _orders);
        _functions.Add(tools.ReadTicketAsync, "read-ticket").Add(tools.SearchHelp, "search-help")
            .Add(tools.LabelTicketAsync, "label-ticket").Add(tools.FindOrderAsync, "find-order");
        _contracts = samples.ReadManifests("localhost:5301").SelectMany(file => file.Tools).ToDictionary(tool => tool.Tool.Value);
    }

    public static async Task<DemoBench> OpenAsync(DemoSamples samples, IReadOnlyList<Ticket> tickets)
    {
        var bench = new DemoBench(samples);
        await bench._helpdesk.AddAsync(tickets);
        await bench._orders.AddAsync(OrderFile.Read(samples.Orders));
        return bench;
    }

    public void Dispose()
    {
        _helpdesk.Dispose();
        _orders.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Runs an agent until it answers, hands over, or asks for something that a person approves.</summary>
    public async Task<(string End, string Text)> RunAsync(IChatClient model, string run, string input)
    {
        List<ChatMessage> conversation = [new(ChatRole.System, "instructions"), new(ChatRole.User, input)];
        for (var step = 1; step <= MaxSteps; step++)
        {
            var reply = await model.GetResponseAsync(conversation);
            if (reply.FinishReason == FinishReasons.Handover) return ("person", reply.Text);
            if (reply.FinishReason == ChatFinishReason.Stop) return ("answer", reply.Text);
            conversation.AddRange(reply.Messages);
            foreach (var call in reply.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>())
            {
                var arguments = JsonSerializer.SerializeToElement(call.Arguments);
                if (_contracts[call.Name].Contract.Risk >= RiskLevel.WriteHigh) return ("approval", arguments.GetRawText());
                conversation.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, await CallAsync(call.Name, run, step, arguments))]));
            }
        }

        throw new InvalidOperationException($"Run {run} did not end within {MaxSteps} steps.");
    }

    public async Task<string> LabelOfAsync(string ticket) => (await _helpdesk.FindLabelAsync(ticket))?.Label ?? DemoTicket.NoLabel;

    private async Task<string> CallAsync(string tool, string run, int step, JsonElement arguments)
    {
        var contract = _contracts[tool];
        var version = new ToolVersion(contract.Tool, contract.Contract, "hash", tool, "a", "b", null, default);
        var outcome = await _functions.Find(tool)!.CallAsync(
            new ToolInvocation(TenantId.Parse("demo"), $"demo/{run}/{step}/0", 1, version, arguments, DateTimeOffset.MaxValue), CancellationToken.None);
        return outcome is ToolOutcome.Succeeded success ? success.Result : throw new InvalidOperationException($"{tool}: {outcome}");
    }
}

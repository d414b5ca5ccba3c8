using System.ComponentModel;
using System.Globalization;
using AgentRuntime.Common;
using AgentRuntime.Demo.Help;
using AgentRuntime.Demo.Orders;
using AgentRuntime.Demo.Tickets;
using AgentRuntime.Tools;

namespace AgentRuntime.Demo;

/// <summary>The functions that the contracts in deploy/samples name.</summary>
internal sealed class DemoTools(Helpdesk helpdesk, HelpIndex help, OrdersDatabase orders)
{
    private const int SnippetChars = 200;

    [Description("Reads a support ticket."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
    public async Task<object> ReadTicketAsync(string ticket, CancellationToken cancellation) =>
        await helpdesk.FindAsync(ticket, cancellation) is { } found
            ? new
            {
                found = true,
                ticket = found.Id,
                found.Received,
                found.Customer,
                found.Subject,
                found.Body,
                text = $"{found.Subject}\n{found.Body}",
            }
            : new { found = false, ticket };

    [Description("Searches the help pages by keywords."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
    public object SearchHelp(string query) => new
    {
        pages = help.Search(query).Select(hit => new { hit.Page.Page, hit.Page.Title, hit.Score, text = Snippet(hit.Page.Text) }).ToArray(),
    };

    [Description("Puts a label and a draft on a ticket."), ToolRisk(RiskLevel.Write), ToolEffect(EffectClass.Idempotent)]
    public async Task<object> LabelTicketAsync(
        string ticket, string label, string draft, ToolCallContext call, string? page = null, CancellationToken cancellation = default)
    {
        await helpdesk.LabelAsync(new TicketLabel(ticket, label, page, draft, call.IdempotencyKey), cancellation);
        return new { ticket, label };
    }

    [Description("Looks up an order and whether it can be refunded."), ToolRisk(RiskLevel.Read), ToolEffect(EffectClass.Read)]
    public async Task<object> FindOrderAsync(string order, string day, CancellationToken cancellation)
    {
        if (await orders.FindAsync(order, cancellation) is not { } found) return new { found = false, order };
        var (refundable, reason) = RefundRule.Decide(found, DateOnly.Parse(day, CultureInfo.InvariantCulture));
        return new
        {
            found = true,
            order = found.Number,
            found.Customer,
            found.Status,
            found.Delivered,
            found.Items,
            refundable,
            refundableCents = refundable ? found.TotalCents : 0,
            found.Currency,
            reason,
        };
    }

    private static string Snippet(string text) => text.Length <= SnippetChars ? text : text[..SnippetChars];
}

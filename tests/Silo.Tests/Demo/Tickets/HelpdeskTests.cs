using AgentRuntime.Common;
using AgentRuntime.Demo.Tickets;

namespace AgentRuntime.Silo.Tests.Demo.Tickets;

public sealed class HelpdeskTests : IDisposable
{
    private static readonly Ticket Sample = new("T-1", "2026-03-01", "Ana", "Hi", "Lamp", null, null);
    private readonly string _folder = Directory.CreateTempSubdirectory("helpdesk").FullName;
    private readonly Helpdesk _helpdesk;

    public HelpdeskTests() => _helpdesk = new Helpdesk(Path.Combine(_folder, "helpdesk.db"), TimeProvider.System);

    public void Dispose()
    {
        _helpdesk.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Add_SameTicketOnAnotherDay_KeepsTheFirstDay()
    {
        await _helpdesk.AddAsync([Sample], TestContext.Current.CancellationToken);
        await _helpdesk.AddAsync([Sample with { Received = "2026-03-09" }], TestContext.Current.CancellationToken);

        Assert.Equal("2026-03-01", (await _helpdesk.FindAsync("t-1", TestContext.Current.CancellationToken))!.Received);
    }

    [Fact]
    public async Task Add_OtherContent_RefusedAndNothingAdded()
    {
        await _helpdesk.AddAsync([Sample], TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => _helpdesk.AddAsync(
            [Sample with { Id = "T-2" }, Sample with { Body = "Other" }], TestContext.Current.CancellationToken));

        Assert.StartsWith("ticket T-1: is in the data folder with other content", refused.Message, StringComparison.Ordinal);
        Assert.Null(await _helpdesk.FindAsync("T-2", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Label_SameCallAgain_ChangesNothing()
    {
        await _helpdesk.AddAsync([Sample], TestContext.Current.CancellationToken);
        await _helpdesk.LabelAsync(new TicketLabel("T-1", "bug", null, "first", "call-1"), TestContext.Current.CancellationToken);
        await _helpdesk.LabelAsync(new TicketLabel("T-1", "bug", null, "second", "call-1"), TestContext.Current.CancellationToken);
        Assert.Equal("first", (await _helpdesk.FindLabelAsync("T-1", TestContext.Current.CancellationToken))!.Draft);

        await _helpdesk.LabelAsync(new TicketLabel("T-1", "billing", "invoices", "third", "call-2"), TestContext.Current.CancellationToken);
        Assert.Equal("third", (await _helpdesk.FindLabelAsync("T-1", TestContext.Current.CancellationToken))!.Draft);
    }

    [Fact]
    public async Task Label_UnknownTicket_NotFound()
    {
        var refused = await Assert.ThrowsAsync<AgentRuntimeException>(
            () => _helpdesk.LabelAsync(new TicketLabel("T-9", "bug", null, "x", "call-1"), TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCode.NotFound, refused.Code);
    }
}

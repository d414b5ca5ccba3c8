using System.Globalization;
using AgentRuntime.Common;
using AgentRuntime.Demo.Help;
using AgentRuntime.Demo.Orders;
using AgentRuntime.Demo.Tickets;
using AgentRuntime.Embedded.Folder;
using AgentRuntime.Hosting;
using AgentRuntime.Models.Rules;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Http.Egress;

namespace AgentRuntime.Demo;

/// <summary>What a silo needs to work on runs of the demo: its functions, its two models, its ticket system and its shop.</summary>
internal static class DemoParts
{
    private const int DefaultOrdersPort = 5301;

    /// <summary>Adds the parts if the data folder has seen the demo: a silo without it can then still finish its runs.</summary>
    public static void AddWherePresent(WebApplicationBuilder builder)
    {
        if (Directory.Exists(FolderOf(builder.OpenedFolder()))) Add(builder, ordersPort: null);
    }

    /// <summary>Adds the parts.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="ordersPort">Port of the shop; null takes the one of the last time, or 5301.</param>
    public static void Add(WebApplicationBuilder builder, int? ordersPort)
    {
        if (ordersPort is < 1 or > ushort.MaxValue) throw new InvalidInputException(DemoCommand.OrdersPortOption, $"must be 1 to {ushort.MaxValue}.");
        var folder = builder.OpenedFolder();
        var place = FolderOf(folder);
        var samples = DemoSamples.Find();
        Directory.CreateDirectory(place);
        var port = KeepPort(Path.Combine(place, "orders-port"), ordersPort);
        var helpdesk = new Helpdesk(Path.Combine(place, "helpdesk.db"), TimeProvider.System);
        var orders = new OrdersDatabase(Path.Combine(place, "orders.db"), TimeProvider.System);
        var tools = new DemoTools(helpdesk, new HelpIndex(HelpPage.ReadAll(samples.Help)), orders);

        // By factories, so that the container closes them when the host is disposed.
        builder.Services.AddSingleton<Helpdesk>(_ => helpdesk);
        builder.Services.AddSingleton<OrdersDatabase>(_ => orders);
        builder.Services.AddSingleton(new DemoPlace(samples, port));
        builder.Services.AddFunctionTools(functions => functions
            .Add(tools.ReadTicketAsync, "read-ticket")
            .Add(tools.SearchHelp, "search-help")
            .Add(tools.LabelTicketAsync, "label-ticket")
            .Add(tools.FindOrderAsync, "find-order"));
        builder.Services.AddRulesModel(samples.TriageRules, "support");
        builder.Services.AddRulesModel(samples.RefundRules, "support", "orders");
        builder.Services.Configure<EgressOptions>(egress =>
        {
            egress.Hosts.Add(DemoPlace.OrdersHost(port));
            egress.AllowPrivateHosts.Add(DemoPlace.OrdersHost(port));
        });

        // Before the silo: a run that resumes finds its shop open.
        builder.Services.Insert(0, ServiceDescriptor.Singleton<IHostedService>(services =>
            new OrdersService(new OrdersApi(services.GetRequiredService<OrdersDatabase>()), port, folder.Format.ClusterId)));
    }

    private static string FolderOf(DataFolder folder) => folder.At("demo");

    private static int KeepPort(string file, int? asked)
    {
        if (asked is { } port)
        {
            DurableFile.Replace(file, System.Text.Encoding.ASCII.GetBytes(port.ToString(CultureInfo.InvariantCulture)));
            return port;
        }

        if (!File.Exists(file)) return DefaultOrdersPort;
        return ushort.TryParse(File.ReadAllText(file), NumberStyles.None, CultureInfo.InvariantCulture, out var kept) && kept > 0
            ? kept
            : throw new AgentRuntimeException(ErrorCode.StorageCorrupted, $"'{file}' must hold a port. Delete it to take {DefaultOrdersPort}.");
    }
}

using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.Mcp.Importing;
using AgentRuntime.Mcp.Listing;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Mcp;
using Google.Protobuf.WellKnownTypes;

namespace AgentRuntime.FrontDoor.Tools;

/// <summary>Tools as they stand on the wire.</summary>
internal static class ToolMapping
{
    public static V1.Tool ToWire(ToolVersion version, TenantId tenant)
    {
        var tool = new V1.Tool
        {
            Name = ResourceName.OfTool(tenant, version.Tool.Value),
            Contract = ToWire(version.Contract),
            ContractHash = version.Hash,
            ModelName = version.ModelName,
            RegisteredBy = version.RegisteredBy,
            CreateTime = version.CreatedAt.ToTimestamp(),
            Etag = version.Etag,
        };
        if (version.PublishedBy is not null) tool.PublishedBy = version.PublishedBy;
        if (version.BlockedReason is not null) tool.BlockedReason = version.BlockedReason;
        return tool;
    }

    public static ToolContract FromWire(V1.ToolContract contract) => new(
        contract.WireName,
        contract.Description,
        Input.Json(contract.InputSchema, "contract.input_schema")!,
        Input.Json(contract.HasOutputSchema ? contract.OutputSchema : null, "contract.output_schema"),
        (RiskLevel)contract.Risk,
        (EffectClass)contract.Effect,
        contract.TimeoutMs,
        [.. contract.DataClasses],
        [.. contract.EgressHosts],
        InvokerFromWire(contract));

    public static V1.ImportFromServerResponse ToWire(ImportReport report, TenantId tenant) => new()
    {
        Imported =
        {
            report.Imported.Select(tool => new V1.ImportedTool
            {
                Name = ResourceName.OfTool(tenant, tool.Version.Tool.Value),
                WireName = tool.Version.Contract.WireName,
                ModelName = tool.Version.ModelName,
                ContractHash = tool.Version.Hash,
                IsNew = tool.IsNew,
                IsPublished = tool.Version.PublishedBy is not null,
            }),
        },
        Refused = { report.Refused.Select(tool => new V1.RefusedTool { WireName = tool.WireName, Reason = tool.Reason }) },
    };

    public static V1.CompareWithServerResponse ToWire(ToolVersion version, IReadOnlyList<McpChange> changes)
    {
        var response = new V1.CompareWithServerResponse { ContractHash = version.Hash, Server = ((McpInvoker)version.Contract.Invoker).Server };
        foreach (var change in changes)
        {
            var difference = new V1.ToolDifference { Part = change.Part };
            if (change.Contract is not null) difference.Contract = change.Contract;
            if (change.Server is not null) difference.Server = change.Server;
            response.Differences.Add(difference);
        }

        return response;
    }

    private static V1.ToolContract ToWire(ToolContract contract)
    {
        var wire = new V1.ToolContract
        {
            WireName = contract.WireName,
            Description = contract.Description,
            InputSchema = contract.InputSchema,
            Risk = (V1.RiskLevel)contract.Risk,
            Effect = (V1.EffectClass)contract.Effect,
            TimeoutMs = contract.TimeoutMs,
            DataClasses = { contract.DataClasses },
            EgressHosts = { contract.EgressHosts },
        };
        if (contract.OutputSchema is not null) wire.OutputSchema = contract.OutputSchema;
        switch (contract.Invoker)
        {
            case FunctionInvoker function:
                wire.Function = new V1.FunctionInvoker { Function = function.Function };
                break;
            case HttpInvoker http:
                wire.Http = new V1.HttpInvoker { Method = http.Method, UrlTemplate = http.UrlTemplate, MaxResponseBytes = http.MaxResponseBytes };
                foreach (var (name, value) in http.Headers) wire.Http.Headers.Add(name, value);
                break;
            case McpInvoker mcp:
                wire.Mcp = new V1.McpInvoker { Server = mcp.Server, EntryHash = mcp.EntryHash };
                break;
        }

        return wire;
    }

    private static ToolInvoker InvokerFromWire(V1.ToolContract contract) => contract.InvokerCase switch
    {
        V1.ToolContract.InvokerOneofCase.Function => new FunctionInvoker(contract.Function.Function),
        V1.ToolContract.InvokerOneofCase.Http => new HttpInvoker(
            contract.Http.Method, contract.Http.UrlTemplate, contract.Http.Headers.ToDictionary(StringComparer.Ordinal), contract.Http.MaxResponseBytes),
        V1.ToolContract.InvokerOneofCase.Mcp => FromWire(contract.Mcp),
        _ => throw new InvalidInputException("contract.invoker", "needs a function, http or mcp."),
    };

    // A field that is not known here would be dropped in silence, and with it perhaps a command that its sender believes in.
    private static McpInvoker FromWire(V1.McpInvoker mcp)
    {
        var known = new V1.McpInvoker { Server = mcp.Server, EntryHash = mcp.EntryHash };
        return mcp.CalculateSize() == known.CalculateSize()
            ? new McpInvoker(mcp.Server, mcp.EntryHash)
            : throw new InvalidInputException("contract.mcp", $"holds more than server and entry_hash: {McpContractRules.NameAServer}");
    }
}

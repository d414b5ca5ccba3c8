using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.Tools;
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
        }

        return wire;
    }

    private static ToolInvoker InvokerFromWire(V1.ToolContract contract) => contract.InvokerCase switch
    {
        V1.ToolContract.InvokerOneofCase.Function => new FunctionInvoker(contract.Function.Function),
        V1.ToolContract.InvokerOneofCase.Http => new HttpInvoker(
            contract.Http.Method, contract.Http.UrlTemplate, contract.Http.Headers.ToDictionary(StringComparer.Ordinal), contract.Http.MaxResponseBytes),
        _ => throw new InvalidInputException("contract.invoker", "needs a function or http."),
    };
}

using System.Text.Json;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Tools;

namespace AgentRuntime.Runs.Driving;

/// <summary>Holds a result that a person enters against the tool's contract, as a result of the tool itself.</summary>
internal static class EnteredResults
{
    /// <exception cref="InvalidInputException">The result is too large or does not fit, with what is wrong.</exception>
    public static async Task RequireAsync(RunSession session, ToolDirectory tools, ApprovalId approval, string result, CancellationToken cancellation)
    {
        var max = session.State!.Start.Limits.MaxPayloadBytes;
        if (PayloadSize.Of(result, max) > max) throw new InvalidInputException("result", $"is larger than {max} bytes (maxPayloadBytes).");
        if (session.State.FindApproval(approval.Value)?.Approval is not { Request: var request }) return;
        if (session.Definition!.Tools.FirstOrDefault(pin => pin.ContractHash == request.ContractHash) is not { } pinned) return;
        if ((await tools.GetAsync(session.Key.Tenant, pinned, cancellation)).Output is not { } schema) return;
        try
        {
            using var document = JsonDocument.Parse(result);
            if (!schema.IsValid(document.RootElement))
                throw new InvalidInputException("result", $"does not fit the contract of tool {request.Tool}: {string.Join("; ", schema.Validate(document.RootElement))}.");
        }
        catch (JsonException)
        {
            throw new InvalidInputException("result", $"is not JSON, which the contract of tool {request.Tool} promises.");
        }
    }
}

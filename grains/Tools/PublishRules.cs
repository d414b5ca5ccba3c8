using AgentRuntime.Common;

namespace AgentRuntime.Tools;

/// <summary>Who may do what to a tool.</summary>
internal static class PublishRules
{
    /// <summary>Why <paramref name="by"/> may not publish; null when they may. Whoever describes a tool never vouches for it.</summary>
    public static string? RefusePublish(ToolVersionHead version, ToolContract contract, Principal by)
    {
        // A function is part of the host's program, and its contract is no looser than its attributes: who reviews and runs the program vouches.
        if (IsPlatform(by))
            return contract.Invoker is FunctionInvoker ? null : "the host publishes functions of its own program only; ask a tool reviewer.";
        if (!by.Has(Roles.ToolReviewer))
            return $"publishing needs role {Roles.ToolReviewer}.";
        if (by.Person is null)
            return "publishing needs a person; this credential has none.";
        return version.RegisteredBy == by.Identity || version.RegisteredBy.EndsWith($"|person|{by.Person}", StringComparison.Ordinal)
            ? "publishing needs another person than the one who registered it."
            : null;
    }

    /// <summary>Whether <paramref name="by"/> speaks for the host and no tenant.</summary>
    public static bool IsPlatform(Principal by) => by.Tenant is null && by.Has(Roles.PlatformOperator);

    /// <summary>Why <paramref name="by"/> may not block or release; null when they may.</summary>
    public static string? RefuseBlock(Principal by) =>
        by.Has(Roles.ToolReviewer) || by.Has(Roles.TenantAdmin) || by.Has(Roles.PlatformOperator)
            ? null
            : $"blocking needs role {Roles.ToolReviewer}, {Roles.TenantAdmin} or {Roles.PlatformOperator}.";
}

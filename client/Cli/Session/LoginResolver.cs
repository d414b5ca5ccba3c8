namespace AgentRuntime.Cli.Session;

/// <summary>
/// Finds out who a command speaks as: its own options, then the environment, then the stored login, then the user of this machine. The last
/// is no loosening: whoever can read the key file can sign for anybody.
/// </summary>
internal static class LoginResolver
{
    public const string DefaultFolder = ".agentruntime";
    public const string DefaultTenant = "demo";
    private static readonly string[] DefaultRoles = ["developer", "approver", "tool-reviewer", "auditor"];

    public static (Login Login, string Source) Resolve(LoginChoice choice, TimeProvider time)
    {
        var stored = LoginFile.Read();
        var folder = Folder(choice, stored);
        var name = choice.Name ?? Variable("AGENTRT_AS");
        if (name is null && choice.Roles.Count == 0 && choice.Tenant is null && stored is not null)
        {
            return (stored with { DataFolder = folder }, $"login of {stored.LoggedInAt.LocalDateTime:yyyy-MM-dd HH:mm}");
        }

        var login = Create(choice with { Name = name ?? stored?.Name ?? Environment.UserName }, folder, time);
        return (login, name is null ? "user of this machine" : "options");
    }

    public static Login Create(LoginChoice choice, string folder, TimeProvider time)
    {
        var roles = choice.Roles.Count > 0 ? choice.Roles : Variable("AGENTRT_ROLE")?.Split(',', StringSplitOptions.TrimEntries) ?? DefaultRoles;
        var isOperator = roles.Contains("platform-operator");
        if (isOperator && (roles.Count > 1 || choice.Tenant is not null))
        {
            throw new CliException(ExitCode.Usage, "--role platform-operator speaks for no tenant: give it alone, without --tenant.");
        }

        var tenant = isOperator ? null : choice.Tenant ?? Variable("AGENTRT_TENANT") ?? DefaultTenant;
        return new Login(choice.Name!, roles, tenant, choice.IsService, folder, time.GetUtcNow());
    }

    public static string Folder(LoginChoice choice, Login? stored)
    {
        var chosen = choice.DataFolder ?? Variable("AGENTRT_DATA");
        if (chosen is null && !Directory.Exists(DefaultFolder) && stored is not null) chosen = stored.DataFolder;
        return Path.GetFullPath(chosen ?? DefaultFolder);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

namespace AgentRuntime.Cli.Session;

/// <summary>
/// Finds out who a command speaks as: its own options, then the environment, then the stored login, then the user of this machine. The last
/// is no loosening: whoever can read the key file can sign for anybody, on loopback, while no issuer is configured.
/// </summary>
internal static class LoginResolver
{
    public const string DefaultFolder = ".agentruntime";
    public const string DefaultTenant = "demo";
    private static readonly string[] DefaultRoles = ["developer", "approver", "tool-reviewer", "auditor"];

    public static Credential Resolve(LoginChoice choice, TimeProvider time)
    {
        var stored = LoginFile.Read();
        var folder = Folder(choice, stored?.Dev);
        var name = choice.Name ?? Variable("AGENTRT_AS");
        var tenant = choice.Tenant ?? Variable("AGENTRT_TENANT");
        if (name is null && choice.Roles.Count == 0)
        {
            if (Variable("AGENTRT_TOKEN") is { } token) return new GivenCredential(token, tenant ?? TokenText.Claim(token, "tenant"), NamedFolder(choice));
            if (stored?.Oidc is { } oidc) return new OidcCredential(oidc, tenant ?? oidc.Tenant ?? TokenText.Claim(oidc.Token, "tenant"), NamedFolder(choice));
            if (choice.Tenant is null && stored?.Dev is { } dev) return new DevCredential(dev with { DataFolder = folder }, $"login of {dev.LoggedInAt.LocalDateTime:yyyy-MM-dd HH:mm}");
        }

        var login = Create(choice with { Name = name ?? stored?.Dev?.Name ?? Environment.UserName }, folder, time);
        return new DevCredential(login, name is null ? "user of this machine" : "options");
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
        var chosen = NamedFolder(choice);
        if (chosen is null && !Directory.Exists(DefaultFolder) && stored is not null) chosen = stored.DataFolder;
        return chosen ?? Path.GetFullPath(DefaultFolder);
    }

    /// <summary>The data folder that somebody named. What a current folder holds may be anybody's: a token that is good elsewhere goes to no address from there.</summary>
    public static string? NamedFolder(LoginChoice choice) => (choice.DataFolder ?? Variable("AGENTRT_DATA")) is { } named ? Path.GetFullPath(named) : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

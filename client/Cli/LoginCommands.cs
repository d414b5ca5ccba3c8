using System.CommandLine;
using System.Text.Json.Nodes;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;

namespace AgentRuntime.Cli;

/// <summary><c>login</c>, <c>whoami</c> and <c>token</c>.</summary>
internal static class LoginCommands
{
    public static Command Login()
    {
        var issuer = new Option<string?>("--issuer") { Description = "Log in at this OpenID Connect issuer, in a browser on any device (RFC 8628)" };
        var clientId = new Option<string?>("--client-id") { Description = "With --issuer: what agentctl is called there" };
        var scope = new Option<string>("--scope") { Description = "With --issuer: what is asked for", DefaultValueFactory = _ => "openid offline_access" };
        var audience = new Option<string?>("--audience") { Description = "With --issuer: for whom the token is to be, where the issuer wants to be told" };
        return Verb.Local(
            "login",
            "Remember who later commands speak as: a person at an OpenID Connect issuer (--issuer), or on the silo's own machine anybody (--as), for whom each command signs a 15-minute development token.",
            (parsed, cancellation) => parsed.GetValue(issuer) is { } chosen
                ? AtIssuerAsync(parsed, chosen, parsed.GetValue(clientId), parsed.GetRequiredValue(scope), parsed.GetValue(audience), cancellation)
                : AsAnybodyAsync(parsed),
            issuer, clientId, scope, audience);
    }

    public static Command WhoAmI() => Verb.Local(
        "whoami",
        "Who commands speak as, and how that is known.",
        (parsed, cancellation) => ShowAsync(parsed, LoginResolver.Resolve(GlobalOptions.ChoiceOf(parsed), TimeProvider.System), cancellation));

    public static Command Token() => Verb.Local(
        "token",
        "Print the bearer token that a command would send, for programs and curl. Whoever has it is you while it lasts.",
        async (parsed, cancellation) =>
            Console.WriteLine(await LoginResolver.Resolve(GlobalOptions.ChoiceOf(parsed), TimeProvider.System).TokenAsync(cancellation)));

    private static async Task AsAnybodyAsync(ParseResult parsed)
    {
        var choice = GlobalOptions.ChoiceOf(parsed);
        if (choice.Name is null) throw new CliException(ExitCode.Usage, "login: say who you are: agentctl login --as NAME --role ROLE [--tenant TENANT], or --issuer URL --client-id ID.");
        var login = LoginResolver.Create(choice, LoginResolver.Folder(choice, stored: null), TimeProvider.System);
        DevToken.Sign(login, TimeProvider.System);
        await LoginFile.WriteAsync(new StoredLogin(login, null), TimeProvider.System, CancellationToken.None);
        await ShowAsync(parsed, new DevCredential(login, "login"), CancellationToken.None);
    }

    private static async Task AtIssuerAsync(ParseResult parsed, string issuer, string? clientId, string scope, string? audience, CancellationToken cancellation)
    {
        var choice = GlobalOptions.ChoiceOf(parsed);
        if (clientId is null) throw new CliException(ExitCode.Usage, "login: --issuer needs --client-id.");
        if (choice.Name is not null || choice.Roles.Count > 0) throw new CliException(ExitCode.Usage, "login: with --issuer it is the issuer that says who you are; leave --as and --role out.");
        var endpoint = EndpointFinder.Named(GlobalOptions.EndpointOf(parsed));
        if (endpoint is not null) EndpointFinder.Parse(endpoint, isDevelopment: false);
        using var oidc = new OidcIssuer(issuer, TimeProvider.System);
        var login = await oidc.LoginAsync(clientId, scope, audience, Tell, cancellation) with { Tenant = choice.Tenant, Endpoint = endpoint };
        await LoginFile.WriteAsync(new StoredLogin(null, login), TimeProvider.System, CancellationToken.None);
        await ShowAsync(parsed, new OidcCredential(login, login.Tenant ?? TokenText.Claim(login.Token, "tenant"), LoginResolver.NamedFolder(choice)), cancellation);
    }

    // On stderr, because stdout may be somebody's input.
    private static void Tell(string address, string code) => Console.Error.WriteLine($"Open {Safe.Text(address)} in a browser and confirm code {Safe.Text(code)}.");

    private static async Task ShowAsync(ParseResult parsed, Credential credential, CancellationToken cancellation)
    {
        var printer = new Printer(Console.Out, GlobalOptions.FormOf(parsed));
        if (credential is DevCredential { Login: var login })
        {
            var cluster = DevToken.ClusterId(login.DataFolder);
            Show(printer, login.Name, login.IsService, login.Tenant, login.Roles, credential.Source, ("cluster", cluster), ("data", login.DataFolder));
            return;
        }

        var token = TokenText.Read(await credential.TokenAsync(cancellation)) ?? throw new CliException(ExitCode.Usage, $"{credential.Source}: is no JWT.");
        Show(printer, token.Subject, isService: false, credential.Tenant, TokenText.Roles(token), credential.Source, ("issuer", token.Issuer), ("expires", $"{token.ValidTo:u}"));
    }

    private static void Show(
        Printer printer, string name, bool isService, string? tenant, IReadOnlyList<string> roles, string source, params (string Title, string Value)[] more)
    {
        var json = new JsonObject
        {
            ["name"] = name,
            ["service"] = isService,
            ["tenant"] = tenant,
            ["roles"] = new JsonArray([.. roles.Select(role => JsonValue.Create(role))]),
            ["source"] = source,
        };
        foreach (var (title, value) in more) json[title] = value;
        printer.One(
            json,
            [
                ("name", isService ? $"{name} (service)" : name),
                ("tenant", tenant ?? "none"),
                ("roles", string.Join(", ", roles)),
                ("known from", source),
                .. more.Select(row => (row.Title, (string?)row.Value)),
            ]);
    }
}

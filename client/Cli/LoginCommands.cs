using System.CommandLine;
using System.Text.Json.Nodes;
using AgentRuntime.Cli.Output;
using AgentRuntime.Cli.Session;

namespace AgentRuntime.Cli;

/// <summary><c>login</c> and <c>whoami</c>.</summary>
internal static class LoginCommands
{
    public static Command Login() => Verb.Local(
        "login",
        "Remember who later commands speak as. Each of them signs its own 15-minute token with the key in the data folder.",
        (parsed, _) =>
        {
            var choice = GlobalOptions.ChoiceOf(parsed);
            if (choice.Name is null) throw new CliException(ExitCode.Usage, "login: say who you are: agentctl login --as NAME --role ROLE [--tenant TENANT].");
            var login = LoginResolver.Create(choice, LoginResolver.Folder(choice, stored: null), TimeProvider.System);
            DevToken.Sign(login, TimeProvider.System);
            LoginFile.Write(login);
            Show(parsed, login, "login");
            return Task.CompletedTask;
        });

    public static Command WhoAmI() => Verb.Local(
        "whoami",
        "Who commands speak as, and to which cluster.",
        (parsed, _) =>
        {
            var (login, source) = LoginResolver.Resolve(GlobalOptions.ChoiceOf(parsed), TimeProvider.System);
            Show(parsed, login, source);
            return Task.CompletedTask;
        });

    private static void Show(ParseResult parsed, Login login, string source)
    {
        var cluster = DevToken.ClusterId(login.DataFolder);
        var json = new JsonObject
        {
            ["name"] = login.Name,
            ["service"] = login.IsService,
            ["tenant"] = login.Tenant,
            ["roles"] = new JsonArray([.. login.Roles.Select(role => JsonValue.Create(role))]),
            ["cluster"] = cluster,
            ["data"] = login.DataFolder,
            ["source"] = source,
        };
        new Printer(Console.Out, GlobalOptions.WantsJson(parsed)).One(
            json,
            ("name", login.IsService ? $"{login.Name} (service)" : login.Name),
            ("tenant", login.Tenant ?? "none: platform operator"),
            ("roles", string.Join(", ", login.Roles)),
            ("cluster", cluster),
            ("data folder", login.DataFolder),
            ("known from", source));
    }
}

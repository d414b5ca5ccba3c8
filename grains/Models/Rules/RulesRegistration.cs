using AgentRuntime.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Models.Rules;

internal static class RulesRegistration
{
    /// <summary>Offers the rule set in a YAML file as a model of the set's name. Read at once, so that a host with a bad file does not start.</summary>
    /// <exception cref="InvalidInputException">The file is refused; the message names file, line and culprit.</exception>
    public static IServiceCollection AddRulesModel(this IServiceCollection services, string path, params string[] dataClasses)
    {
        var rules = Load(path);
        return services.AddModel(rules.Name, _ => new RulesChatClient(rules), dataClasses);
    }

    private static RuleSet Load(string path)
    {
        try
        {
            return RuleSet.Parse(File.ReadAllText(path));
        }
        catch (InvalidInputException refused)
        {
            throw new InvalidInputException(path, refused.Message);
        }
    }
}

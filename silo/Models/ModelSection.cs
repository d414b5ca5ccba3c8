using AgentRuntime.Common;

namespace AgentRuntime.Models;

/// <summary>Reads the configuration of one model.</summary>
internal static class ModelSection
{
    /// <exception cref="InvalidInputException">A key is unknown or its value does not parse.</exception>
    public static void Bind<T>(IConfigurationSection section, T options)
        where T : class
    {
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException failure)
        {
            throw new InvalidInputException(section.Path, failure.Message);
        }
    }
}

using AgentRuntime.Common;

namespace AgentRuntime.Models.Recordings;

internal static class RecordingsConfiguration
{
    /// <summary>Offers what the sections <see cref="RecordModelOptions.SectionName"/> and <see cref="ReplayModelOptions.SectionName"/> name.</summary>
    /// <exception cref="InvalidInputException">An option is wrong; the message names it.</exception>
    public static IServiceCollection AddRecordings(this IServiceCollection services, IConfiguration configuration)
    {
        foreach (var section in configuration.GetSection(RecordModelOptions.SectionName).GetChildren())
        {
            var options = new RecordModelOptions();
            ModelSection.Bind(section, options);
            services.AddRecordedModel(section.Key, options.Of, options.File, options.MaxBytes, [.. options.DataClasses]);
        }

        foreach (var section in configuration.GetSection(ReplayModelOptions.SectionName).GetChildren())
        {
            var options = new ReplayModelOptions();
            ModelSection.Bind(section, options);
            services.AddReplayModel(section.Key, options.File, [.. options.DataClasses]);
        }

        return services;
    }
}

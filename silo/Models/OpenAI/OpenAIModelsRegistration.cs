using System.ClientModel;
using System.ClientModel.Primitives;
using AgentRuntime.Common;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace AgentRuntime.Models.OpenAI;

internal static class OpenAIModelsRegistration
{
    /// <summary>Offers each model of the section <see cref="OpenAIModelOptions.SectionName"/> by its key.</summary>
    /// <exception cref="InvalidInputException">An option is wrong; the message names its key and the fix.</exception>
    public static IServiceCollection AddOpenAIModels(this IServiceCollection services, IConfiguration configuration)
    {
        foreach (var section in configuration.GetSection(OpenAIModelOptions.SectionName).GetChildren())
        {
            services.AddOpenAIModel(section.Key, options => ModelSection.Bind(section, options));
        }

        return services;
    }

    /// <summary>Offers a model behind an endpoint that speaks OpenAI's chat completions.</summary>
    /// <exception cref="InvalidInputException">An option is wrong; the message names its key and the fix.</exception>
    public static IServiceCollection AddOpenAIModel(this IServiceCollection services, string name, Action<OpenAIModelOptions> configure)
    {
        var options = new OpenAIModelOptions();
        configure(options);
        OpenAIModelRules.Check(name, options);
        return services.AddModel(name, provider => Create(name, options, provider.GetRequiredService<TimeProvider>()), [.. options.DataClasses]);
    }

    private static EndpointClient Create(string name, OpenAIModelOptions options, TimeProvider time)
    {
        // The pipeline's own limits are off: the run retries, and the run's time is the bound of a whole call.
        var http = new HttpClient(new EndpointHandler(new ApiKey(name, options), new Uri(options.Endpoint), options.MaxResponseBytes)) { Timeout = Timeout.InfiniteTimeSpan };
        var client = new ChatClient(options.Model, new ApiKeyCredential("set by the handler"), new OpenAIClientOptions
        {
            Endpoint = new Uri(options.Endpoint),
            OrganizationId = options.Organization,
            NetworkTimeout = TimeSpan.FromSeconds(options.NetworkTimeoutSeconds),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            Transport = new HttpClientPipelineTransport(http),
        });
        return new EndpointClient(client.AsIChatClient(), options, new EndpointFailures(name, options, time));
    }
}

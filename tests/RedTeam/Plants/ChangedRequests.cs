using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.RedTeam.Plants;

/// <summary>Changes requests before the front door sees them.</summary>
internal sealed class ChangedRequests(Action<HttpRequest> change) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, go) =>
        {
            change(http.Request);
            return go(http);
        });
        next(app);
    };
}

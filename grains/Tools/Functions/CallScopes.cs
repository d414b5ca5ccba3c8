using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Tools.Functions;

/// <summary>Where methods find the services that they take. Methods are offered before the host is built, so the host fills this in later.</summary>
internal sealed class CallScopes
{
    private static readonly IServiceScopeFactory None = new ServiceCollection().BuildServiceProvider().GetRequiredService<IServiceScopeFactory>();

    private IServiceScopeFactory _scopes = None;

    public void ComeFrom(IServiceProvider host) => _scopes = host.GetRequiredService<IServiceScopeFactory>();

    /// <summary>The services of one call.</summary>
    public AsyncServiceScope Open() => _scopes.CreateAsyncScope();
}

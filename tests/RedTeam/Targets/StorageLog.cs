using System.Collections.Concurrent;
using System.Reflection;
using AgentRuntime.Artifacts;
using AgentRuntime.Runs.Index;
using AgentRuntime.Runs.Journal;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers;
using Orleans.Storage;

namespace AgentRuntime.RedTeam.Targets;

/// <summary>The calls of every port of storage, each with what it was asked for.</summary>
internal sealed class StorageLog
{
    private readonly ConcurrentQueue<string> _calls = [];
    private volatile string? _watched;

    /// <summary>The calls that <paramref name="ask"/> makes about something, in order.</summary>
    public async Task<string> DuringAsync(string id, Func<Task> ask)
    {
        _calls.Clear();
        _watched = id;
        await ask();
        _watched = null;
        return string.Join(' ', _calls);
    }

    public void Record(IServiceCollection services)
    {
        Decorate<IRunJournal>(services);
        Decorate<IRunCatalog>(services);
        Decorate<IApprovalInbox>(services);
        Decorate<ISessionCatalog>(services);
        Decorate<IArtifactStore>(services);
        Decorate<IGrainStorage>(services, ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME);
    }

    private void Decorate<T>(IServiceCollection services, object? key = null)
        where T : class
    {
        var present = services.Last(service => service.ServiceType == typeof(T) && Equals(service.ServiceKey, key));
        services.Remove(present);
        if (key is null)
            services.AddSingleton(provider => Port<T>.Around((T)Create(provider, present), this));
        else
            services.AddKeyedSingleton<T>(key, (provider, _) => Port<T>.Around((T)present.KeyedImplementationFactory!(provider, key), this));
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor service) =>
        service.ImplementationInstance ?? service.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);

    /// <summary>A port that writes down who is asked for what.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it.
    public class Port<T> : DispatchProxy
#pragma warning restore CA1852
        where T : class
    {
        private T _port = null!;
        private StorageLog _log = null!;

        internal static T Around(T port, StorageLog log)
        {
            var made = Create<T, Port<T>>();
            ((Port<T>)(object)made)._port = port;
            ((Port<T>)(object)made)._log = log;
            return made;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (_log._watched is { } id && Array.Exists(args ?? [], argument => argument?.ToString()?.Contains(id, StringComparison.Ordinal) == true))
                _log._calls.Enqueue($"{typeof(T).Name}.{targetMethod!.Name}");
            return targetMethod!.Invoke(_port, args);
        }
    }
}

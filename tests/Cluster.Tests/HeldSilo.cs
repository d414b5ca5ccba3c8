extern alias client;

using System.Collections.Concurrent;
using AgentRuntime.Embedded.Journal;
using AgentRuntime.FrontDoor.Identity;
using AgentRuntime.Hosting;
using AgentRuntime.Models;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using AgentRuntimeClient = client::AgentRuntime.Client.AgentRuntimeClient;
using AgentRuntimeClientOptions = client::AgentRuntime.Client.AgentRuntimeClientOptions;

namespace AgentRuntime.Cluster.Tests;

/// <summary>A silo in this process, whose journal can be held and whose errors are kept.</summary>
internal sealed class HeldSilo : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<AgentRuntimeClient> _clients = [];

    private HeldSilo(WebApplication app, ErrorLines errors) => (_app, Errors) = (app, errors);

    public HeldJournal Journal => (HeldJournal)_app.Services.GetRequiredService<IRunJournal>();

    public SeenSends Sends => _app.Services.GetRequiredService<SeenSends>();

    public ErrorLines Errors { get; }

    public static async Task<HeldSilo> StartAsync(string folder)
    {
        var errors = new ErrorLines();
        var options = new SiloHostOptions { DataFolder = folder, GrpcPort = 0, HttpPort = 0, SiloPort = 0, StopTimeoutSeconds = 2 };
        var builder = await AgentRuntimeHost.CreateBuilderAsync(options);
        builder.Logging.ClearProviders().AddProvider(errors);
        builder.Services.AddModel(ListeningModel.Name, _ => new ListeningModel());
        builder.Services.AddSingleton<IRunJournal>(provider => new HeldJournal(new SqliteRunJournal(provider.GetRequiredService<JournalDatabase>())));
        builder.Services.AddSingleton<SeenSends>();
        builder.Services.AddSingleton<IIncomingGrainCallFilter>(provider => provider.GetRequiredService<SeenSends>());
        var app = builder.BuildSilo();
        await app.StartAsync();
        return new HeldSilo(app, errors);
    }

    /// <summary>A client of this silo's front door that repeats nothing.</summary>
    public AgentRuntimeClient Client(string? tenant, string role)
    {
        var issuer = _app.Services.GetRequiredService<DevIssuer>();
        var made = new AgentRuntimeClient(new AgentRuntimeClientOptions
        {
            Endpoint = new Uri($"http://127.0.0.1:{_app.Services.GetRequiredService<SiloPorts>().Grpc}"),
            Token = _ => ValueTask.FromResult(IssuedToken.Sign(issuer, tenant, "dave", role)),
            Patience = TimeSpan.Zero,
        });
        _clients.Add(made);
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(each => each.Dispose());
        Journal.Release();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    internal sealed class ErrorLines : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = [];

        public IReadOnlyList<string> All => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

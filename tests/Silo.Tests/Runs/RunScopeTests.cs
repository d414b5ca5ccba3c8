using System.Collections.Concurrent;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>What a line of a log says besides, when a run's work writes it.</summary>
public sealed class RunScopeTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Line_WrittenWhileARunIsDriven_NamesTenantRunAgentAndTraceAndNotWhatToolsSay()
    {
        using var lines = new ScopedLines();
        await using var silo = await RunSilo.StartAsync(_folder.Path, new RunScripts(), services => services.AddSingleton<ILoggerProvider>(lines));
        await silo.SetUpAsync(RunCast.Tenant);
        var run = silo.NewRun(Reply.CallingThenDone(RunCast.Put), (_, _) => throw new InvalidOperationException("password=canary"));
        var started = run.Command with { TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };

        await run.Grain.StartAsync(started, TestContext.Current.CancellationToken).WaitAsync(TestRun.Patience, TestContext.Current.CancellationToken);
        await run.EndAsync();

        var (text, scope) = Assert.Single(lines.All, line => line.Text.Contains("threw", StringComparison.Ordinal));
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException", text, StringComparison.Ordinal);
        Assert.Equal(
            [
                KeyValuePair.Create("agentruntime.tenant", (object?)run.Key.Tenant.Value),
                KeyValuePair.Create("agentruntime.run", (object?)run.Key.Run.Value),
                KeyValuePair.Create("gen_ai.agent.name", (object?)RunCast.Agent),
                KeyValuePair.Create("trace_id", (object?)"0af7651916cd43dd8448eb211c80319c"),
            ],
            scope);
    }

    private sealed class ScopedLines : ILoggerProvider, ISupportExternalScope
    {
        private readonly ConcurrentQueue<(string, IReadOnlyList<KeyValuePair<string, object?>>)> _lines = [];
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public IReadOnlyList<(string Text, IReadOnlyList<KeyValuePair<string, object?>> Scope)> All => [.. _lines];

        public ILogger CreateLogger(string categoryName) => new Line(this);

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public void Dispose()
        {
        }

        private void Write(string text)
        {
            var scope = new List<KeyValuePair<string, object?>>();
            _scopes.ForEachScope(
                static (each, into) =>
                {
                    if (each is IReadOnlyList<KeyValuePair<string, object?>> pairs && pairs.Any(pair => pair.Key == "agentruntime.run")) into.AddRange(pairs);
                },
                scope);
            _lines.Enqueue((text, scope));
        }

        private sealed class Line(ScopedLines lines) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull => lines._scopes.Push(state);

            public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                lines.Write($"{formatter(state, exception)} {exception}");
        }
    }
}

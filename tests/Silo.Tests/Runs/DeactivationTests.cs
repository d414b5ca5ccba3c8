using AgentRuntime.Common;
using AgentRuntime.Runs;
using AgentRuntime.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Silo.Tests.Runs;

/// <summary>Activations of runs that are ended while they are called, as when a silo leaves that knew where they are.</summary>
public sealed class DeactivationTests : IAsyncLifetime
{
    private const int Runs = 16;
    private const int Calls = 6;

    private readonly ScratchFolder _folder = new();
    private RunSilo _silo = null!;

    public async ValueTask InitializeAsync()
    {
        _silo = await RunSilo.StartAsync(_folder.Path, new RunScripts(), services => services.AddSingleton<IIncomingGrainCallFilter, Endings>());
        await _silo.SetUpAsync(RunCast.Tenant);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Calls_ToActivationsThatEndMeanwhile_AreAllAnswered()
    {
        var runs = Enumerable.Range(0, Runs).Select(_ => _silo.NewRun(_ => Task.FromResult(Reply.Text("done")))).ToList();
        foreach (var run in runs) await run.StartAsync();
        await Task.WhenAll(runs.SelectMany(run => Enumerable.Range(0, Calls).Select(_ => AnswerAsync(run))));
        foreach (var run in runs) await Eventually.TrueAsync(async () => (await run.RowAsync()).Status == RunStatus.Completed, $"run {run.Key} goes on");
    }

    // That it cannot be driven for now is an answer, and so is what Orleans says of a call that met two ends; none in time is none.
    private static async Task AnswerAsync(TestRun run)
    {
        try
        {
            await run.ViewAsync();
        }
        catch (Exception fault) when (fault is AgentRuntimeException { IsTransient: true } or OrleansMessageRejectionException)
        {
        }
    }

    /// <summary>Ends activations right after they have taken a call and before they work on it; each time but the last.</summary>
    private sealed class Endings : IIncomingGrainCallFilter
    {
        private int _left = 2 * Runs;

        public async Task Invoke(IIncomingGrainCallContext context)
        {
            var call = context.Invoke();
            if (context is { Grain: AgentRunGrain, MethodName: nameof(IAgentRunGrain.GetAsync) } && Interlocked.Decrement(ref _left) > 0)
                context.TargetContext.Deactivate(new DeactivationReason(DeactivationReasonCode.DirectoryFailure, "as when a silo has left"));
            await call;
        }
    }
}

using AgentRuntime.Aws.Connection;
using AgentRuntime.Common;

namespace AgentRuntime.Chaos.Faults;

/// <summary>What did not hold, with a line on stderr for each up to a limit.</summary>
internal sealed class Oracle
{
    private const int MaxLines = 30;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _broken = new(StringComparer.Ordinal);
    private int _lines;

    public IReadOnlyDictionary<string, int> Broken
    {
        get
        {
            lock (_gate) return new SortedDictionary<string, int>(_broken, StringComparer.Ordinal);
        }
    }

    /// <summary>Whether a failure is one that a caller has to expect of AWS: it says that there is no answer, and nothing else.</summary>
    public static bool IsPassing(Exception failure) => failure is AgentRuntimeException { IsTransient: true } || AwsFailures.IsOne(failure);

    public void Break(string invariant, string what)
    {
        lock (_gate)
        {
            _broken[invariant] = _broken.GetValueOrDefault(invariant) + 1;
            if (_lines++ < MaxLines) Console.Error.WriteLine($"BROKEN {invariant}: {what}");
        }
    }

    public void Require(bool holds, string invariant, string what)
    {
        if (!holds) Break(invariant, what);
    }

    /// <summary>Takes one step. A passing failure ends it, and any other breaks an invariant.</summary>
    public async Task StepAsync(string workload, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception failure) when (IsPassing(failure))
        {
        }
        catch (Exception failure)
        {
            Break("unexpected_failure", $"{workload}: {failure}");
        }
    }
}

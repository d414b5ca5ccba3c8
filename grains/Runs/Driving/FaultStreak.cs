using System.Data.Common;
using AgentRuntime.Common;

namespace AgentRuntime.Runs.Driving;

/// <summary>
/// Faults of one run in a row. What comes back each time before the run gets any further is no accident, and each try may pay a model; what a store, a
/// silo or a dependency does passes, however long it takes.
/// </summary>
internal sealed class FaultStreak
{
    /// <summary>Equal faults in a row, without progress between them, after which a run is ended.</summary>
    public const int MaxEqual = 5;

    private Type? _last;
    private int _equal;

    /// <summary>Faults since the run was last driven without one.</summary>
    public int Count { get; private set; }

    /// <summary>Counts one more. True when there is no use in trying again.</summary>
    /// <param name="fault">What ended the drive.</param>
    /// <param name="hasProgressed">Whether the run got any further before.</param>
    public bool Add(Exception fault, bool hasProgressed)
    {
        Count++;
        if (Passes(fault))
        {
            (_last, _equal) = (null, 0);
            return false;
        }

        _equal = hasProgressed || fault.GetType() != _last ? 1 : _equal + 1;
        _last = fault.GetType();
        return _equal >= MaxEqual;
    }

    public void End() => (Count, _last, _equal) = (0, null, 0);

    private static bool Passes(Exception fault) => fault switch
    {
        AgentRuntimeException known => known.IsTransient || known.Code is ErrorCode.StorageExhausted or ErrorCode.StorageCorrupted,
        OrleansException or TimeoutException or OperationCanceledException or IOException or UnauthorizedAccessException or DbException or OutOfMemoryException => true,
        _ => false,
    };
}

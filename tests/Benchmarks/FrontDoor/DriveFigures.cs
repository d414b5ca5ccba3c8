namespace AgentRuntime.Benchmarks.FrontDoor;

/// <summary>What became of the calls of one group.</summary>
/// <param name="Name">The group.</param>
/// <param name="PerS">Calls that succeeded a second.</param>
/// <param name="P50Ms">Of those, half took less.</param>
/// <param name="P99Ms">Of those, 99 of 100 took less.</param>
/// <param name="RefusedPerS">Calls that were refused because there were too many.</param>
/// <param name="Errors">Calls that failed otherwise.</param>
/// <param name="FirstError">The first of them.</param>
/// <param name="Seconds">Rate and p99 of each second.</param>
internal sealed record DriveFigures(
    string Name, double PerS, double P50Ms, double P99Ms, double RefusedPerS, long Errors, string? FirstError, IReadOnlyList<DriveSecond> Seconds);

internal sealed record DriveSecond(int Calls, double P99Ms);

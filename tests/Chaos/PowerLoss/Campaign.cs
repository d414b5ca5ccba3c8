namespace AgentRuntime.Chaos.PowerLoss;

/// <summary>Walks the trace and, at every sync, cuts the power just before it: what was acknowledged until then must be there.</summary>
internal sealed class Campaign(PowerLossOptions options, string folder, CancellationToken cancellation)
{
    // Only what was synced; everything; and some of the rest, with torn writes.
    private static readonly double[] Shares = [0, 1, 0.5];

    private readonly string _data = Path.Combine(folder, "data");
    private readonly string _acknowledgements = Path.Combine(folder, "acknowledged");
    private readonly Acknowledgements _acknowledged = new();
    private readonly SortedDictionary<string, string> _broken = new(StringComparer.Ordinal);
    private int _syncs;
    private int _losses;

    public async Task<PowerLossReport> RunAsync()
    {
        Directory.CreateDirectory(_data);
        var trace = Path.Combine(folder, "trace");
        await Recorder.RecordAsync(options, _data, _acknowledgements, trace, cancellation);

        var disk = new Disk(_data);
        foreach (var (call, ended) in TraceReader.Read(trace))
        {
            cancellation.ThrowIfCancellationRequested();
            if (!ended)
            {
                disk.Begin(call);
                if (call.Name is "pwrite64" or "write" && call.DescriptorAt(0) == _acknowledgements)
                    _acknowledged.Add(call.BytesAt(1));
            }
            else if (call.IsSync && call.Result == 0 && call.DescriptorAt(0)?.StartsWith(_data, StringComparison.Ordinal) == true)
            {
                _syncs++;
                await LosePowerAsync(disk);
                disk.End(call);
            }
            else
                disk.End(call);
        }

        await LosePowerAsync(disk);
        return new PowerLossReport(
            options.Plant, options.Seed, _acknowledged.Records.Count, _acknowledged.Artifacts.Count, _acknowledged.Erasures.Count,
            _syncs, _losses, [.. _broken.Keys], _broken.Values.FirstOrDefault());
    }

    private async Task LosePowerAsync(Disk disk)
    {
        foreach (var share in Shares)
        {
            var rebuilt = Path.Combine(folder, "rebuilt");
            disk.WriteAfterLoss(rebuilt, new Survivors(share, options.Seed + _losses));
            _losses++;
            foreach (var (invariant, detail) in await new Reopening(rebuilt, _acknowledged).FindBrokenAsync(cancellation))
                _broken.TryAdd(invariant, $"{invariant} at sync {_syncs}, share {share}: {detail}");
            Directory.Delete(rebuilt, recursive: true);
        }
    }
}

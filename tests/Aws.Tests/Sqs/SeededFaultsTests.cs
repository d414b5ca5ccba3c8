using AgentRuntime.Aws.Connection;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Aws;

namespace AgentRuntime.Aws.Tests.Sqs;

/// <summary>What SQS and the way to it do now and then, all at once, on fauxqs.</summary>
public sealed class SeededFaultsTests(AwsStandIn aws)
{
    private const int Events = 300;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Faults_OfEveryKind_LoseNothing(int seed)
    {
        SqsFaults? queueFaults = null;
        var plan = new FaultPlan(seed, share: 0.1);
        await using var queue = await StreamQueue.CreateAsync(aws, inner => new FaultyHandler(queueFaults = new SqsFaults(inner, seed, 0.3), plan));
        var published = (await Task.WhenAll(Enumerable.Range(0, Events).Select(TryPublishAsync))).Where(static number => number >= 0).ToHashSet();

        HashSet<int> delivered = [];
        var reader = await queue.ReadAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    delivered.UnionWith(Reader.Events<int>(await reader.PumpAsync()));
                    await reader.FinishAsync();
                    return published.IsSubsetOf(delivered) && await queue.CountAsync() == 0;
                }
                catch (Exception failure) when (AwsFailures.IsOne(failure))
                {
                    return false;
                }
            },
            $"all {published.Count} events that were taken have arrived and are deleted; {delivered.Count} came");

        Assert.True(published.Count > Events * 0.9, $"{published.Count} were taken");
        Assert.All([SqsFaults.Partial, SqsFaults.Duplicate, SqsFaults.Reorder, SqsFaults.Undecodable], kind => Assert.True(queueFaults!.Injected.GetValueOrDefault(kind) > 0, kind));
        Assert.All([FaultKind.Throttle, FaultKind.ServerError, FaultKind.TimeoutWithEffect, FaultKind.TimeoutWithoutEffect], kind => Assert.True(plan.Injected.GetValueOrDefault(kind) > 0, $"{kind}"));

        async Task<int> TryPublishAsync(int number)
        {
            try
            {
                await queue.PublishAsync(number);
                return number;
            }
            catch (Exception failure) when (AwsFailures.IsOne(failure))
            {
                return -1;
            }
        }
    }
}

using System.Reflection;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Benchmarks;

/// <summary>What grain state costs on DynamoDB, of which the product does not ask: that of audit indexes and counts, in a workload of runs.</summary>
internal sealed class StateCost
{
    private readonly Lock _lock = new();

    public int Requests { get; private set; }

    public double ReadUnits { get; private set; }

    public double WriteUnits { get; private set; }

    /// <summary>Of these, states of runs in audit indexes, which are written now and then.</summary>
    public int RunStates { get; private set; }

    /// <summary>What those took.</summary>
    public double RunStateUnits { get; private set; }

    /// <summary>Measures what a silo sends from now on. On a store other than DynamoDB that is nothing.</summary>
    public void AddTo(IServiceCollection services)
    {
        if (services.LastOrDefault(static service => service.ServiceType == typeof(IAmazonDynamoDB)) is not { ImplementationFactory: { } make } present) return;
        services.Remove(present);
        services.AddSingleton(provider => Meter.Around((IAmazonDynamoDB)make(provider), this));
    }

    public void Reset()
    {
        lock (_lock) (Requests, ReadUnits, WriteUnits, RunStates, RunStateUnits) = (0, 0, 0, 0, 0);
    }

    private async Task<PutItemResponse> CountAsync(Task<PutItemResponse> answer, string name)
    {
        var response = await answer;
        var units = response.ConsumedCapacity?.CapacityUnits ?? 0;
        lock (_lock)
        {
            (Requests, WriteUnits) = (Requests + 1, WriteUnits + units);
            if (name.StartsWith("S#run-", StringComparison.Ordinal)) (RunStates, RunStateUnits) = (RunStates + 1, RunStateUnits + units);
        }

        return response;
    }

    private async Task<GetItemResponse> CountAsync(Task<GetItemResponse> answer)
    {
        var response = await answer;
        lock (_lock) (Requests, ReadUnits) = (Requests + 1, ReadUnits + (response.ConsumedCapacity?.CapacityUnits ?? 0));
        return response;
    }

    /// <summary>A client that has DynamoDB say what states cost.</summary>
#pragma warning disable CA1852 // DispatchProxy derives from it.
    public class Meter : DispatchProxy
#pragma warning restore CA1852
    {
        private IAmazonDynamoDB _client = null!;
        private StateCost _cost = null!;

        internal static IAmazonDynamoDB Around(IAmazonDynamoDB client, StateCost cost)
        {
            var made = Create<IAmazonDynamoDB, Meter>();
            (((Meter)made)._client, ((Meter)made)._cost) = (client, cost);
            return made;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            switch (args)
            {
                case [PutItemRequest put, ..] when IsState(put.TableName):
                    put.ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL;
                    return _cost.CountAsync((Task<PutItemResponse>)Send()!, put.Item["sk"].S);
                case [GetItemRequest get, ..] when IsState(get.TableName):
                    get.ReturnConsumedCapacity = ReturnConsumedCapacity.TOTAL;
                    return _cost.CountAsync((Task<GetItemResponse>)Send()!);
                default: return Send();
            }

            object? Send() => targetMethod!.Invoke(_client, BindingFlags.DoNotWrapExceptions, binder: null, args, culture: null);
        }

        private static bool IsState(string table) => table.EndsWith("state", StringComparison.Ordinal);
    }
}

using AgentRuntime.Aws.Connection;
using AgentRuntime.Aws.DynamoDb.Tables;
using AgentRuntime.Aws.Payloads;
using Amazon.DynamoDBv2;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AgentRuntime.Aws.DynamoDb.GrainState;

/// <summary>
/// Grain state in a DynamoDB table. Of two activations of one grain that write, one gets <see cref="InconsistentStateException"/>, and no write whose answer
/// was lost is taken for somebody else's. Reads are strongly consistent.
/// </summary>
internal sealed class DynamoDBGrainStorage(
    string store, DynamoDBStorageOptions options, IAmazonDynamoDB client, IPayloadStore? payloads, IActivatorProvider activators, TimeProvider time)
    : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    // How often an object may be gone by the time that it is read, because the state was written over in between.
    private const int MaxReads = 5;

    private static readonly TimeSpan TombstoneLife = TimeSpan.FromDays(7);

    private readonly StateTable _table = new(client);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var key = StateKey.Of(options, stateName, grainId);
        var (item, bytes) = await ReadAsync(key, grainId, cancellationToken);
        grainState.RecordExists = bytes is not null;
        grainState.ETag = item?.Etag.ToString();
        grainState.State = bytes is { } plain ? options.GrainStorageSerializer.Deserialize<T>(new BinaryData(plain)) : Fresh<T>();
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var plain = options.GrainStorageSerializer.Serialize(grainState.State).ToMemory();
        if (plain.Length > options.MaxStateBytes)
        {
            throw new InvalidOperationException(
                $"State '{stateName}' of grain '{grainId}' has {plain.Length} bytes; MaxStateBytes of store '{store}' is {options.MaxStateBytes}. Keep less in one state, or raise it.");
        }

        var expiry = options.TimeToLive is { } life ? InSeconds(life) : (long?)null;
        await PutAsync(stateName, grainId, grainState, new StateContent(PackedBytes.Encode(plain), expiry), cancellationToken);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var isNothing = grainState.ETag is null && await _table.FindEtagAsync(StateKey.Of(options, stateName, grainId), cancellationToken) == StateEtag.Nothing;
        if (!isNothing)
        {
            var tombstone = new StateContent(null, options.DeleteStateOnClear ? InSeconds(TombstoneLife) : null);
            await PutAsync(stateName, grainId, grainState, tombstone, cancellationToken);
        }

        grainState.RecordExists = false;
        grainState.State = Fresh<T>();
    }

    // Orleans still asks for these forms, and calls the ones above.
    Task IGrainStorage.ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ReadStateAsync(stateName, grainId, grainState, default);

    Task IGrainStorage.WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => WriteStateAsync(stateName, grainId, grainState, default);

    Task IGrainStorage.ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ClearStateAsync(stateName, grainId, grainState, default);

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        $"{nameof(DynamoDBGrainStorage)}-{store}",
        ServiceLifecycleStage.ApplicationServices,
        stop => DynamoDbTables.CheckAsync(client, [DynamoDbTable.GrainState(options.TableName)], stop));

    private async Task<(StateItem? Item, ReadOnlyMemory<byte>? Plain)> ReadAsync(StateKey key, GrainId grain, CancellationToken cancellation)
    {
        for (var read = 1; read <= MaxReads; read++)
        {
            var item = await _table.FindAsync(key, cancellation);
            if (item?.Bytes is not { } bytes || item.IsExpired(time)) return (item, null);
            var kept = item.ObjectKey is { } name ? await Payloads(grain).GetAsync(name, options.MaxStateBytes, cancellation) : bytes.Kept;
            if (kept is null) continue;
            try
            {
                return (item, PackedBytes.Decode(kept.Value, bytes.Encoding, bytes.Sha, options.MaxStateBytes));
            }
            catch (InvalidDataException fault)
            {
                throw new InvalidDataException($"What is stored of grain '{grain}' in '{key.Table}' ({key.Partition}, {key.Sort}) is damaged. {fault.Message}", fault);
            }
        }

        throw new InvalidDataException($"The item of grain '{grain}' in '{key.Table}' ({key.Partition}, {key.Sort}) names an object that does not exist.");
    }

    private async Task PutAsync<T>(string name, GrainId grain, IGrainState<T> state, StateContent content, CancellationToken cancellation)
    {
        var key = StateKey.Of(options, name, grain);
        var etag = StateEtag.Parse(state.ETag);
        var write = StateWrite.After(etag, time);
        var placed = await PlaceAsync(key, write, content.Bytes, grain, cancellation);
        var item = new StateItem { Write = write, ExpiresAt = content.ExpiresAt, Bytes = content.Bytes, ObjectKey = placed };
        bool isOurs;
        try
        {
            isOurs = await _table.TryPutAsync(key, item, etag, cancellation);
        }
        catch
        {
            // It may have happened. The next write of this activation has to know its own hand.
            state.ETag = (etag with { Unanswered = write }).ToString();
            throw;
        }

        if (!isOurs)
        {
            var stored = await GiveUpAsync(key, item, cancellation);
            throw new InconsistentStateException($"State '{name}' of grain '{grain}' was written by another activation.", stored.ToString(), etag.ToString());
        }

        state.ETag = item.Etag.ToString();
        if (etag.Object is { } old && key.Owns(old)) await TryDeleteAsync(old);
    }

    // The object first, then the item that names it: what an item names is there.
    private async Task<string?> PlaceAsync(StateKey key, StateWrite write, PackedBytes? bytes, GrainId grain, CancellationToken cancellation)
    {
        if (bytes is null || bytes.Kept.Length <= (payloads is null ? DynamoDBStorageOptions.MaxInlineBytes : options.InlineLimitBytes)) return null;
        var name = key.ObjectOf(write, bytes.Sha);
        await Payloads(grain).PutAsync(name, bytes.Kept, cancellation);
        return name;
    }

    // What was written first is what counts: the object of a write that was refused is nobody's.
    private async Task<StateEtag> GiveUpAsync(StateKey key, StateItem refused, CancellationToken cancellation)
    {
        var stored = await _table.FindEtagAsync(key, cancellation);
        if (refused.ObjectKey is { } name && name != stored.Object) await TryDeleteAsync(name);
        return stored;
    }

    // An object that stays costs its room; a write that happened is not to fail for it.
    private async Task TryDeleteAsync(string name)
    {
        try
        {
            if (payloads is not null) await payloads.DeleteAsync(name, CancellationToken.None);
        }
        catch (Exception failure) when (AwsFailures.IsOne(failure))
        {
        }
    }

    private IPayloadStore Payloads(GrainId grain) => payloads ?? throw new InvalidOperationException(
        $"The state of grain '{grain}' is too large for an item of DynamoDB. Name a Bucket in the options of store '{store}'.");

    private long InSeconds(TimeSpan life) => (time.GetUtcNow() + life).ToUnixTimeSeconds() + 1;

    private T Fresh<T>() => activators.GetActivator<T>().Create();
}

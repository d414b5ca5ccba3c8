using System.Globalization;
using AgentRuntime.Embedded.Sqlite;
using Microsoft.Data.Sqlite;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AgentRuntime.Embedded.GrainState;

/// <summary>
/// Grain state in a SQLite file. A write returns when it survives power loss, and succeeds only if nobody wrote since the state was read:
/// of two activations of one grain, one gets <see cref="InconsistentStateException"/>. The etag of a cleared state never fits again.
/// </summary>
internal sealed class SqliteGrainStorage : IGrainStorage, IGrainStateKeys, IDisposable
{
    private const string OneState = "grain = $grain AND name = $name AND store = $store AND service = $service";

    private readonly SqliteFile _file;
    private readonly OrleansGrainStorageSerializer _serializer;
    private readonly IActivatorProvider _activators;
    private readonly string _store;
    private readonly string _service;

    public SqliteGrainStorage(string store, string service, string path, Serializer serializer, IActivatorProvider activators, TimeProvider time)
    {
        _activators = activators;
        _store = store;
        _service = service;
        _serializer = new OrleansGrainStorageSerializer(serializer);
        _file = SqliteFile.Open(path, GrainStateSchema.Value, SqliteDurability.Power, time);
    }

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (version, data) = await _file.ReadAsync(sql => Find(sql, stateName, grainId));
        grainState.RecordExists = data is not null;
        grainState.ETag = version > 0 ? Text(version) : null;
        grainState.State = data is not null ? _serializer.Deserialize<T>(new BinaryData(data)) : _activators.GetActivator<T>().Create();
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var data = _serializer.Serialize(grainState.State).ToArray();
        grainState.ETag = await PutAsync(stateName, grainId, grainState.ETag, data);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var nothingToClear = grainState.ETag is null && (await _file.ReadAsync(sql => Find(sql, stateName, grainId))).Version == 0;
        if (!nothingToClear)
        {
            grainState.ETag = await PutAsync(stateName, grainId, grainState.ETag, data: null);
        }

        grainState.RecordExists = false;
        grainState.State = _activators.GetActivator<T>().Create();
    }

    public Task<IReadOnlyList<string>> ListKeysAsync(string name, string prefix, string after, int limit) => _file.ReadAsync<IReadOnlyList<string>>(sql =>
    {
        using var command = sql.Prepare(
            "SELECT grain FROM state WHERE grain > $after AND grain < $end AND name = $name AND store = $store AND service = $service"
            + " AND data IS NOT NULL ORDER BY grain LIMIT $limit",
            ("$after", after),
            ("$end", prefix + char.MaxValue),
            ("$name", name),
            ("$store", _store),
            ("$service", _service),
            ("$limit", limit));
        using var reader = command.ExecuteReader();
        var keys = new List<string>();
        while (reader.Read()) keys.Add(reader.GetString(0));
        return keys;
    });

    /// <summary>Whether a grain of these ids has a state, or one whose id goes on after a slash.</summary>
    public Task<bool> HasAnyAsync(IEnumerable<string> grains) => _file.ReadAsync(sql => grains.Any(grain =>
    {
        using var command = sql.Prepare(
            "SELECT 1 FROM state WHERE (grain = $grain OR (grain > $begin AND grain < $end)) AND data IS NOT NULL LIMIT 1",
            ("$grain", grain),
            ("$begin", $"{grain}/"),
            ("$end", $"{grain}/{char.MaxValue}"));
        return command.ExecuteScalar() is not null;
    }));

    public void Dispose() => _file.Dispose();

    private async Task<string> PutAsync(string name, GrainId grain, string? etag, byte[]? data)
    {
        var expected = etag is null ? 0 : Number(etag);
        var stored = await _file.WriteAsync(sql =>
        {
            var current = Find(sql, name, grain).Version;
            if (current != expected)
            {
                return current;
            }

            sql.Execute(
                "INSERT INTO state(service, store, name, grain, version, data) VALUES ($service, $store, $name, $grain, 1, $data)"
                + " ON CONFLICT (grain, name, store, service) DO UPDATE SET version = version + 1, data = excluded.data",
                [.. Key(name, grain), ("$data", data)]);
            return expected;
        });
        return stored == expected
            ? Text(expected + 1)
            : throw new InconsistentStateException($"State '{name}' of grain '{grain}' was written by another activation.", Text(stored), etag ?? "");
    }

    private (long Version, byte[]? Data) Find(SqliteConnection sql, string name, GrainId grain)
    {
        using var command = sql.Prepare($"SELECT version, data FROM state WHERE {OneState}", Key(name, grain));
        using var reader = command.ExecuteReader();
        return reader.Read() ? (reader.GetInt64(0), reader.IsDBNull(1) ? null : reader.GetFieldValue<byte[]>(1)) : (0, null);
    }

    private (string, object?)[] Key(string name, GrainId grain) =>
        [("$service", _service), ("$store", _store), ("$name", name), ("$grain", grain.ToString())];

    private static string Text(long version) => version.ToString(CultureInfo.InvariantCulture);

    // An etag that is not ours matches nothing.
    private static long Number(string etag) => long.TryParse(etag, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : -1;
}

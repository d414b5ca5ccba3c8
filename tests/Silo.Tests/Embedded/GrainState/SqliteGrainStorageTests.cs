using AgentRuntime.Common;
using AgentRuntime.Embedded.GrainState;
using AgentRuntime.Testing;
using AgentRuntime.Testing.Conformance;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace AgentRuntime.Silo.Tests.Embedded.GrainState;

public sealed class SqliteGrainStorageTests : GrainStorageConformance, IDisposable
{
    private readonly ScratchFolder _folder = ScratchFolder.Make();
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private string Database => _folder.At("state.db");

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Open_TextFileInstead_IsRefusedAsDamaged()
    {
        File.WriteAllText(Database, new string('x', 9000));
        Refused("damaged");
    }

    [Fact]
    public async Task Open_TruncatedDatabase_IsRefusedAsDamaged()
    {
        using (var storage = OpenSqlite())
        {
            await storage.WriteStateAsync("order", GrainId.Create("t", "k"), new GrainState<Order>(new Order { Item = new string('x', 100_000) }));
        }

        using (var file = File.OpenWrite(Database))
        {
            file.SetLength(file.Length / 2);
        }

        Refused("damaged");
    }

    [Fact]
    public void Open_EmptyFile_IsALossAndNotANewDatabase()
    {
        File.WriteAllBytes(Database, []);
        Refused("not made by");
        Assert.Equal(0, new FileInfo(Database).Length);
    }

    [Fact]
    public void Open_AnotherStoresDatabase_IsRefused()
    {
        new AgentRuntime.Embedded.Membership.SqliteMembershipTable(Database, "cluster", TimeProvider.System).Dispose();
        Refused("not made by");
    }

    [Fact]
    public void Open_ForeignDatabase_IsRefused()
    {
        Execute("CREATE TABLE theirs (id INTEGER)");
        Refused("not made by");
    }

    [Fact]
    public void Open_NewerDatabase_IsRefusedNamingBothVersions()
    {
        OpenSqlite().Dispose();
        Execute("PRAGMA user_version=2");
        Assert.Contains("version 2", Refused("newer").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FolderGone_IsRefusedNamingTheFile()
    {
        Directory.Delete(_folder.Path);
        var failure = Assert.Throws<AgentRuntimeException>(OpenSqlite);
        Assert.Contains(Database, failure.Message, StringComparison.Ordinal);
    }

    protected override IGrainStorage Open() => OpenSqlite();

    private SqliteGrainStorage OpenSqlite() => new(
        "Default",
        "service",
        Database,
        _services.GetRequiredService<Serializer>(),
        _services.GetRequiredService<IActivatorProvider>(),
        TimeProvider.System);

    private AgentRuntimeException Refused(string reason)
    {
        var failure = Assert.Throws<AgentRuntimeException>(OpenSqlite);
        Assert.Equal(ErrorCode.StorageCorrupted, failure.Code);
        Assert.Contains(Database, failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        return failure;
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constant texts of these tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using AgentRuntime.Approvals;
using AgentRuntime.Common;
using AgentRuntime.Runs.Index;
using AgentRuntime.Testing.Aws;
using static AgentRuntime.Testing.Conformance.JournalSamples;

namespace AgentRuntime.Aws.Tests.AwsStore.Journal;

/// <summary>What IAM can bind to a tenant: every partition key that is sent for one begins with it. Only the index of what is open, which pollers read, holds all tenants.</summary>
public sealed class TenantKeyTests(AwsStandIn aws) : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _keys = [];
    private RunStoreOfTest? _made;
    private RunStoreOfTest? _store;

    public async ValueTask InitializeAsync()
    {
        _made = await RunStoreOfTest.CreateAsync(aws);
        _store = await RunStoreOfTest.OpenAsync(aws, _made.Table, inner => new KeyReader(inner, _keys));
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null) await _store.DisposeAsync();
        if (_made is not null) await _made.DisposeAsync();
    }

    [Fact]
    public async Task EveryRequest_NamesKeysOfItsTenantAlone()
    {
        var stop = TestContext.Current.CancellationToken;
        var acme = TenantId.Parse("acme");
        var run = NewRun();
        await _store!.Journal.AppendAsync(Start(run));
        await _store.Journal.AppendAsync(Next(run, 1, records: 2) with { Snapshot = [1], Inbox = [Approval("one", run)] });
        await _store.Journal.AppendAsync(Next(run, 3) with { Entries = [Entry(3, 500_000)] });
        await _store.Journal.TryChangeRowAsync(run, "silo-1", OwnedBy("silo-2"));
        await _store.Journal.EraseAsync(run, 3);
        await _store.Journal.LoadAsync(run, stop);
        await _store.Journal.ReadAsync(run, 2, 10, int.MaxValue, stop);
        await _store.Journal.AppendAsync(Next(run, 4, Closed()));
        await _store.Catalog.ListAsync(acme, new RunQuery(10), stop);
        await _store.Catalog.CountAsync(acme, stop);
        await _store.Inbox.ListAsync(acme, ApprovalState.Pending, null, 10, stop);
        await _store.Inbox.GetVersionAsync(acme, stop);

        Assert.True(_keys.Count > 30, $"{_keys.Count} keys");
        Assert.All(_keys, key => Assert.StartsWith("T#acme#", key, StringComparison.Ordinal));
    }

    private sealed class KeyReader(HttpMessageHandler inner, ConcurrentQueue<string> keys) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Read(JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(cancellationToken)).RootElement);
            return await base.SendAsync(request, cancellationToken);
        }

        private void Read(JsonElement element)
        {
            if (element.ValueKind == JsonValueKind.Array)
            {
                foreach (var each in element.EnumerateArray()) Read(each);
            }
            else if (element.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in element.EnumerateObject())
                {
                    if (property.Name is "pk" or "lp" or ":p" or ":lp") keys.Enqueue(property.Value.GetProperty("S").GetString()!);
                    Read(property.Value);
                }
            }
        }
    }
}

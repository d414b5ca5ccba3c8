using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Agents;
using AgentRuntime.FrontDoor.Agents;
using AgentRuntime.FrontDoor.Names;
using AgentRuntime.FrontDoor.Tools;
using AgentRuntime.Runs;
using AgentRuntime.Runs.Journal;
using AgentRuntime.Runs.Records;
using AgentRuntime.Tools;
using Google.Protobuf;

namespace AgentRuntime.FrontDoor.Runs;

/// <summary>Writes a run as lines of JSON: what it was pinned to, every record with the bytes that its chain runs over, and the end.</summary>
internal sealed class RunExport(IRunJournal journal, EntryReader reader, AgentDirectory agents, IGrainFactory grains, TimeProvider time)
{
    private const int Form = 1;
    private const int RecordsPerRead = 128;
    private const int BytesPerRead = 4 * 1024 * 1024;

    /// <summary>Sends the records that there are now. A run that works on is exported up to here, and its last line says so.</summary>
    public async Task SendAsync(RunKey run, Func<string, Task> send, CancellationToken cancellation)
    {
        var head = "";
        var (next, isTerminal) = (0L, false);
        while (true)
        {
            var entries = await journal.ReadAsync(run, next, RecordsPerRead, BytesPerRead, cancellation);
            if (entries.Count == 0) break;
            foreach (var entry in entries)
            {
                var stored = await reader.ReadAsync(entry, cancellation);
                if (entry.Seq == 0) await send(await FirstLineAsync(run, stored.Record as RunStarted, cancellation));
                await send(Line(entry, stored));
                isTerminal = RunWatch.IsEnd(stored);
                (head, next) = (Convert.ToHexStringLower(stored.HeaderHash), entry.Seq + 1);
            }
        }

        if (next == 0) throw Missing.Resource("run", run.Run.Value);
        await send(new JsonObject { ["end"] = true, ["records"] = next, ["headHash"] = head, ["terminal"] = isTerminal }.ToJsonString());
    }

    private async Task<string> FirstLineAsync(RunKey run, RunStarted? start, CancellationToken cancellation)
    {
        var first = new JsonObject
        {
            ["export"] = Form,
            ["run"] = ResourceName.OfRun(run.Tenant, run.Run.Value),
            ["exportTime"] = time.GetUtcNow().ToString("O"),
        };
        if (start is null) return first.ToJsonString();
        if (await agents.GetAsync(run.Tenant, AgentId.Parse(start.Agent), start.AgentVersion, cancellation) is { } agent)
            first["agent"] = Json(AgentMapping.ToWire(agent, run.Tenant));
        var tools = new JsonArray();
        foreach (var pin in start.Tools)
        {
            var grain = grains.GetGrain<IToolGrain>(ToolGrainKey.For(run.Tenant, ToolId.Parse(pin.Tool)));
            if (await grain.GetAsync(pin.ContractHash, cancellation) is { } tool) tools.Add(Json(ToolMapping.ToWire(tool, run.Tenant)));
        }

        first["tools"] = tools;
        return first.ToJsonString();
    }

    private static string Line(JournalEntry entry, StoredRecord stored)
    {
        var line = new StringWriter();
        var header = stored.Header;
        var fields = new JsonObject
        {
            ["seq"] = header.Seq,
            ["type"] = header.Alias,
            ["time"] = header.Time.ToString("O"),
            ["actor"] = header.Actor,
            ["header"] = Convert.ToBase64String(entry.Header),
        };
        if (entry.Seal is { } seal) fields["salt"] = Convert.ToBase64String(seal.AsSpan(1, SealForm.SaltBytes));
        var json = fields.ToJsonString();
        if (entry.Seal is null) return json;
        // The payload stands as it was recorded, to the byte: its hash is in the header.
        line.Write(json.AsSpan(0, json.Length - 1));
        line.Write(",\"payload\":");
        line.Write(System.Text.Encoding.UTF8.GetString(stored.Payload.Span));
        line.Write('}');
        return line.ToString();
    }

    private static JsonNode Json(IMessage message) => JsonNode.Parse(JsonFormatter.Default.Format(message), documentOptions: new JsonDocumentOptions { MaxDepth = 256 })!;
}

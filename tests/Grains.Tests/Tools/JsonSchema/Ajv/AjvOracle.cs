using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentRuntime.Testing;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema.Ajv;

/// <summary>Ajv, the validator most in use, in a process of its own.</summary>
internal sealed class AjvOracle : IDisposable
{
    private readonly Process _node;

    private AjvOracle(Process node) => _node = node;

    /// <summary>Starts it; skips the calling test where there is no npm.</summary>
    public static async Task<AjvOracle> StartAsync()
    {
        var modules = await NodePackages.RequireAsync();
        var script = Path.Combine(SchemaTables.SourceFolder, "Ajv", "oracle.cjs");
        return new AjvOracle(Process.Start(new ProcessStartInfo("node", [script, modules]) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
    }

    /// <summary>Whether each document fits the schema.</summary>
    public async Task<bool[]> AskAsync(JsonNode schema, IReadOnlyList<JsonNode?> documents, CancellationToken cancellation)
    {
        var question = $$"""{"schema":{{schema.ToJsonString()}},"documents":[{{string.Join(",", documents.Select(d => d?.ToJsonString() ?? "null"))}}]}""";
        await _node.StandardInput.WriteLineAsync(question.AsMemory(), cancellation);
        var line = await _node.StandardOutput.ReadLineAsync(cancellation) ?? throw new InvalidOperationException("Ajv's process ended.");
        using var answer = JsonDocument.Parse(line);
        return answer.RootElement.TryGetProperty("valid", out var valid)
            ? [.. valid.EnumerateArray().Select(v => v.GetBoolean())]
            : throw new InvalidOperationException($"Ajv broke down, which says nothing about the schema: {line} of {question}");
    }

    public void Dispose()
    {
        _node.StandardInput.Close();
        _node.WaitForExit(TimeSpan.FromSeconds(10));
        if (!_node.HasExited)
            _node.Kill();
        _node.Dispose();
    }
}

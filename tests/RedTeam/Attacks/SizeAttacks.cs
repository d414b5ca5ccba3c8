using System.IO.Compression;
using AgentRuntime.RedTeam.Targets;
using Google.Protobuf;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>Too much of something. The twin is the same call with as much as a caller needs.</summary>
internal static class SizeAttacks
{
    private const int MaxMessage = 4 * 1024 * 1024;
    private const string Apply = "/agentruntime.v1.Agents/ApplyAgent";
    private const string Manifest = "kind: Agent\nname: sized\ninstructions: Be.\nmodel: done\nriskScope: read\n";

    public static IEnumerable<Attack> Against(Target target)
    {
        yield return Raw(target, "message-of-4mb-and-1", "body: must be at most", new byte[MaxMessage + 1]);
        yield return Raw(target, "message-of-16mb", "body: must be at most", new byte[4 * MaxMessage]);
        yield return Raw(target, "message-of-64mb", "body: must be at most", new byte[16 * MaxMessage]);
        yield return new Attack("size/manifest", "must be at most", () => ApplyAsync(target, Request(Manifest)), () => ApplyAsync(target, Request(Manifest + "# " + new string('x', 300_000))));
        yield return new Attack("size/input", "must be at most", () => StartAsync(target, "x"), () => StartAsync(target, new string('x', 1_100_000))) { LetsIn = answer => answer.Reason.Length == 0 || answer.Says("NOT_FOUND") };
        yield return Headers(target, "10000-metadata-entries", Enumerable.Range(0, 10_000).Select(i => ($"x-{i}", "1")));
        yield return Headers(target, "200-metadata-entries", Enumerable.Range(0, 200).Select(i => ($"x-{i}", "1")));
        yield return Headers(target, "metadata-of-64kb", [("x-fill", new string('x', 64 * 1024))]);
        yield return Raw(target, "1mb-of-unknown-fields", "fields that this API does not have", [.. Request(Manifest).ToByteArray(), .. Unknown(1024 * 1024)]);
        yield return Raw(target, "100000-unknown-fields", "fields that this API does not have", [.. Request(Manifest).ToByteArray(), .. Enumerable.Range(0, 100_000).SelectMany(_ => new byte[] { 0xB8, 0x3E, 1 })]);
        yield return Raw(target, "deep-groups", "is no message of this method", [.. Request(Manifest).ToByteArray(), .. Groups(100_000)]);
        yield return new Attack("size/deep-manifest", "INVALID_ARGUMENT", () => ApplyAsync(target, Request(Manifest)), () => ApplyAsync(target, Request(Manifest + "x: " + new string('[', 50_000))));
        yield return new Attack("size/manifest-of-anchors", "INVALID_ARGUMENT", () => ApplyAsync(target, Request(Manifest)), () => ApplyAsync(target, Request(Manifest + Anchors())));
        yield return Compressed(target, "gzip-bomb", 256 * 1024 * 1024);
        yield return Compressed(target, "gzip-of-4mb-and-1", MaxMessage + 1);
        yield return new Attack("size/json-body", "HTTP 413", () => JsonAsync(target, 10), () => JsonAsync(target, MaxMessage));
        yield return new Attack("size/json-depth", "HTTP 400", () => JsonAsync(target, 10), () => JsonTextAsync(target, string.Concat(Enumerable.Repeat("{\"a\":", 50_000)) + "1" + new string('}', 50_000)));
    }

    private static V1.ApplyAgentRequest Request(string manifest) => new() { Parent = "tenants/acme", Manifest = manifest };

    private static Task<Answer> ApplyAsync(Target target, V1.ApplyAgentRequest request) => RawAsync(target, request.ToByteArray());

    private static Task<Answer> RawAsync(Target target, byte[] message) => target.Wire.CallAsync(Target.Authorised(new Shot(target.Grpc, Apply, message), target.Token("acme", "developer")));

    private static Attack Raw(Target target, string id, string expected, byte[] message) => new($"size/{id}", expected, () => ApplyAsync(target, Request(Manifest)), () => RawAsync(target, message));

    private static Attack Headers(Target target, string id, IEnumerable<(string Name, string Value)> headers) => new(
        $"size/{id}", "HTTP",
        () => target.Wire.CallAsync(target.List("acme", target.Token("acme", "developer")).With("x-0", "1")),
        () => target.Wire.CallAsync(target.List("acme", target.Token("acme", "developer")) is var shot ? shot with { Headers = [.. shot.Headers, .. headers] } : null!));

    private static Task<Answer> StartAsync(Target target, string input) => target.Wire.CallAsync(Target.Authorised(
        new Shot(target.Grpc, "/agentruntime.v1.Runs/StartRun", new V1.StartRunRequest { Parent = "tenants/acme", Agent = "tenants/acme/agents/red-team", Input = input, RequestId = "sized" }),
        target.Token("acme", "developer")));

    private static Attack Compressed(Target target, string id, int bytes) => new(
        $"size/{id}", "body: must be at most", () => CompressedAsync(target, Request(Manifest).ToByteArray(), 0), () => CompressedAsync(target, Request(Manifest).ToByteArray(), bytes));

    private static Task<Answer> CompressedAsync(Target target, byte[] message, int padding)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(message);
            if (padding > 0)
            {
                gzip.Write(Header(padding));
                var block = new byte[64 * 1024];
                for (var left = padding; left > 0; left -= block.Length) gzip.Write(block.AsSpan(0, Math.Min(left, block.Length)));
            }
        }

        var shot = new Shot(target.Grpc, Apply, packed.ToArray()) { IsCompressed = true }.With("grpc-encoding", "gzip");
        return target.Wire.CallAsync(Target.Authorised(shot, target.Token("acme", "developer")));
    }

    private static byte[] Unknown(int bytes) => [.. Header(bytes), .. new byte[bytes]];

    /// <summary>Field 999 as bytes of a length.</summary>
    private static byte[] Header(int bytes)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(999, WireFormat.WireType.LengthDelimited);
            output.WriteLength(bytes);
        }

        return stream.ToArray();
    }

    /// <summary>Groups of field 1,000 in each other.</summary>
    private static byte[] Groups(int depth)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            for (var i = 0; i < depth; i++) output.WriteTag(1_000, WireFormat.WireType.StartGroup);
            for (var i = 0; i < depth; i++) output.WriteTag(1_000, WireFormat.WireType.EndGroup);
        }

        return stream.ToArray();
    }

    /// <summary>Lists that name each other, ten times each: ten to the ninth entries for whoever unfolds them.</summary>
    private static string Anchors() =>
        "x:\n- &a0 [1]\n" + string.Concat(Enumerable.Range(1, 9).Select(i => $"- &a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 10))}]\n"));

    private static Task<Answer> JsonAsync(Target target, int chars) =>
        JsonTextAsync(target, $$"""{"manifest":"kind: Agent\nname: sized\ninstructions: Be.\nmodel: done\nriskScope: read\n# {{new string('x', chars)}}"}""");

    private static Task<Answer> JsonTextAsync(Target target, string body) =>
        target.Wire.JsonAsync(HttpMethod.Post, new Uri(target.Http, "/v1/tenants/acme/agents:apply"), target.Token("acme", "developer"), body: body);
}

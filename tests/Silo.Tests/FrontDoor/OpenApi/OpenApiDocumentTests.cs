using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using AgentRuntime.FrontDoor.OpenApi;
using AgentRuntime.Silo.Tests.FrontDoor.Api;
using AgentRuntime.Testing;
using Google.Protobuf.Reflection;

namespace AgentRuntime.Silo.Tests.FrontDoor.OpenApi;

public sealed class OpenApiDocumentTests(FrontDoorHost host)
{
    private static readonly string[] Verbs = ["get", "put", "post", "patch", "delete"];

    private readonly JsonObject _document = OpenApiDocument.Create();

    private IEnumerable<JsonObject> Operations =>
        _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Where(each => Verbs.Contains(each.Key)).Select(each => each.Value!.AsObject()));

    [Fact]
    public async Task Document_AsServed_IsValid()
    {
        using var caller = new JsonCaller(host.HttpEndpoint, token: null);
        var (status, served) = await caller.GetAsync("/openapi/v1.json");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(JsonNode.DeepEquals(_document, served));

        var answer = await ValidateAsync(served);
        Assert.True(answer["valid"]!.GetValue<bool>(), answer.ToJsonString());
        Assert.Equal("3.1", answer["version"]!.GetValue<string>());
    }

    [Fact]
    public async Task Document_ThatIsBroken_IsNotValid()
    {
        Operations.First().Remove("responses");
        _document["paths"]!.AsObject().First().Value!["get"] = new JsonObject { ["parameters"] = "none" };
        Assert.False((await ValidateAsync(_document))["valid"]!.GetValue<bool>());
    }

    [Fact]
    public void Operations_AreExactlyTheMethods() => Assert.Equal(
        WireDescriptors.Services.SelectMany(service => service.Methods).Select(method => $"{method.Service.Name}_{method.Name}").Order(StringComparer.Ordinal),
        Operations.Select(operation => operation["operationId"]!.GetValue<string>()).Order(StringComparer.Ordinal));

    [Fact]
    public void Document_EverythingInIt_IsDescribed()
    {
        var silent = new List<string>();
        foreach (var (name, schema) in _document["components"]!["schemas"]!.AsObject()) Check(schema!, name, silent);
        foreach (var operation in Operations) CheckOperation(operation, silent);
        Assert.Empty(silent);
    }

    [Fact]
    public void Protobufs_EveryDeclaration_HasAComment()
    {
        var declared = WireDescriptors.Own.SelectMany(file => file.Services.SelectMany(service => (IEnumerable<IDescriptor>)[service, .. service.Methods])
            .Concat(file.MessageTypes.SelectMany(Declared))
            .Concat(file.EnumTypes.SelectMany(@enum => (IEnumerable<IDescriptor>)[@enum, .. @enum.Values]))).ToList();
        Assert.True(declared.Count > 300, $"{declared.Count} declarations were found");
        Assert.Empty(declared.Where(each => WireDescriptors.CommentOf(each).Length == 0).Select(each => each.FullName));
    }

    [Fact]
    public void Schema_OfAField_SaysWhatItsAnnotationsSay()
    {
        var run = _document["components"]!["schemas"]!["Run"]!["properties"]!;
        Assert.Equal("""{"type":"string","format":"int64","description":"Output only. Seq of the newest record.","readOnly":true}""", run["lastSeq"]!.ToJsonString());
        Assert.Equal("""{"$ref":"#/components/schemas/RunState","description":"Output only. Where it stands.","readOnly":true}""", run["state"]!.ToJsonString());
        var start = _document["paths"]!["/v1/tenants/{tenant}/runs"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!;
        Assert.Equal("""["agent","input","requestId"]""", start["required"]!.ToJsonString());
        Assert.False(start["properties"]!.AsObject().ContainsKey("parent"));
    }

    private static IEnumerable<IDescriptor> Declared(MessageDescriptor message) =>
        message.GetOptions()?.MapEntry == true ? [] : [message, .. message.Fields.InDeclarationOrder(), .. message.NestedTypes.SelectMany(Declared)];

    private static void CheckOperation(JsonObject operation, List<string> silent)
    {
        var name = operation["operationId"]!.GetValue<string>();
        if (!IsDescribed(operation)) silent.Add(name);
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            if (!IsDescribed(parameter!)) silent.Add($"{name} {parameter!["name"]}");
        if (operation["requestBody"] is { } body)
        {
            if (!IsDescribed(body)) silent.Add($"{name} body");
            Check(body["content"]!["application/json"]!["schema"]!, $"{name} body", silent);
        }

        if (!IsDescribed(operation["responses"]!["200"]!)) silent.Add($"{name} answer");
    }

    private static void Check(JsonNode schema, string name, List<string> silent)
    {
        if (!schema.AsObject().ContainsKey("$ref") && !IsDescribed(schema)) silent.Add(name);
        foreach (var (property, of) in schema["properties"]?.AsObject() ?? [])
            if (!IsDescribed(of!)) silent.Add($"{name}.{property}");
    }

    private static bool IsDescribed(JsonNode node) => node["description"] is { } description && description.GetValue<string>().Length > 0;

    private static async Task<JsonNode> ValidateAsync(JsonNode document)
    {
        var modules = await NodePackages.RequireAsync();
        var start = new ProcessStartInfo(NodePackages.Program(), [Path.Combine(AppContext.BaseDirectory, "openapi.mjs"), modules]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var node = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        await node.StandardInput.WriteAsync(document.ToJsonString().AsMemory(), cancellation);
        node.StandardInput.Close();
        return JsonNode.Parse(await node.StandardOutput.ReadToEndAsync(cancellation))!;
    }
}

using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Json;
using Google.Api;
using Google.Protobuf.Reflection;

namespace AgentRuntime.FrontDoor.OpenApi;

/// <summary>The API over JSON as an OpenAPI 3.1 document, made of the protobufs and their comments: what they say is what it says.</summary>
internal sealed class OpenApiDocument
{
    private const string Json = "application/json";
    private const string ErrorName = "google.rpc.Status";

    private readonly SchemaSet _schemas = new();

    private OpenApiDocument()
    {
    }

    public static JsonObject Create() => new OpenApiDocument().Build();

    private JsonObject Build()
    {
        var paths = new JsonObject();
        foreach (var method in WireDescriptors.Services.SelectMany(service => service.Methods)) Add(paths, method);
        var error = _schemas.ReferTo(WireDescriptors.Files.SelectMany(file => file.MessageTypes).Single(message => message.FullName == ErrorName));
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Agent runtime",
                ["version"] = "v1",
                ["description"] = "Durable runs of agents over JSON. The same services answer over gRPC; names of fields are those of the protobufs in lowerCamelCase.",
            },
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
            ["tags"] = new JsonArray([.. WireDescriptors.Services.Select(service => Described(new JsonObject { ["name"] = service.Name }, service))]),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["bearerFormat"] = "JWT",
                        ["description"] = "A token of an issuer that this cluster trusts. It says who calls, for which tenant and in which roles.",
                    },
                },
                ["responses"] = new JsonObject
                {
                    ["error"] = Answer("The call failed. `details` hold `google.rpc.ErrorInfo` with the reason, and where they fit `BadRequest` with the fields, `RetryInfo` and `QuotaFailure`.", error),
                },
                ["schemas"] = _schemas.ToJson(),
            },
        };
    }

    private void Add(JsonObject paths, MethodDescriptor method)
    {
        var rule = method.GetOptions().GetExtension(AnnotationsExtensions.Http);
        var template = PathTemplate.Of(rule);
        var operation = Described(new JsonObject { ["operationId"] = $"{method.Service.Name}_{method.Name}" }, method);
        operation["tags"] = new JsonArray(method.Service.Name);
        var parameters = new JsonArray([.. PathParameters(template), .. QueryParameters(method.InputType, rule.Body, template)]);
        if (parameters.Count > 0) operation["parameters"] = parameters;
        if (BodyOf(method.InputType, rule.Body, template) is { } body) operation["requestBody"] = body;
        operation["responses"] = new JsonObject { ["200"] = Success(method), ["default"] = new JsonObject { ["$ref"] = "#/components/responses/error" } };
        if (paths[template.Path] is not JsonObject path) paths[template.Path] = path = [];
        path.Add(template.Verb, operation);
    }

    private static IEnumerable<JsonObject> PathParameters(PathTemplate template) => template.Parameters.Select(name => new JsonObject
    {
        ["name"] = name,
        ["in"] = "path",
        ["required"] = true,
        ["description"] = name == "tenant" ? "The tenant's id; but for platform operators that of the credential." : $"The {name}'s id.",
        ["schema"] = new JsonObject { ["type"] = "string", ["pattern"] = "^[a-z0-9-]+$", ["minLength"] = 1, ["maxLength"] = IdFormat.MaxLength },
    });

    private IEnumerable<JsonObject> QueryParameters(MessageDescriptor request, string body, PathTemplate template)
    {
        if (body == "*") yield break;
        foreach (var field in request.Fields.InDeclarationOrder().Where(field => field.Name != body && field.Name != template.BoundField))
        {
            var schema = _schemas.Describe(field);
            schema.Remove("description");
            yield return new JsonObject
            {
                ["name"] = field.JsonName,
                ["in"] = "query",
                ["required"] = SchemaSet.IsRequired(field),
                ["description"] = SchemaSet.DescriptionOf(field),
                ["schema"] = schema,
            };
        }
    }

    private JsonObject? BodyOf(MessageDescriptor request, string body, PathTemplate template)
    {
        if (body.Length == 0) return null;
        var schema = body == "*" ? _schemas.Describe(request, template.BoundField) : _schemas.ReferTo(request.FindFieldByName(body).MessageType);
        var description = body == "*" ? WireDescriptors.CommentOf(request) : WireDescriptors.CommentOf(request.FindFieldByName(body));
        return new JsonObject { ["description"] = description, ["required"] = true, ["content"] = new JsonObject { [Json] = new JsonObject { ["schema"] = schema } } };
    }

    private JsonObject Success(MethodDescriptor method)
    {
        var description = WireDescriptors.CommentOf(method.OutputType);
        if (method.OutputType.FullName == "google.protobuf.Empty") description = "Done.";
        if (method.IsServerStreaming) description = $"A stream of JSON objects, one a line, each as the schema says. {description} A stream that fails ends with the error as its last line.";
        return Answer(description, _schemas.ReferTo(method.OutputType));
    }

    private static JsonObject Answer(string description, JsonObject schema) =>
        new() { ["description"] = description, ["content"] = new JsonObject { [Json] = new JsonObject { ["schema"] = schema } } };

    private static JsonObject Described(JsonObject target, IDescriptor descriptor)
    {
        target["description"] = WireDescriptors.CommentOf(descriptor);
        return target;
    }
}

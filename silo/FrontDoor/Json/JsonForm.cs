using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace AgentRuntime.FrontDoor.Json;

/// <summary>How the wire's messages look as JSON: as the mapping of proto3 to JSON says.</summary>
internal static class JsonForm
{
    // An error's details travel as Any, whose types must be known by name.
    private static readonly TypeRegistry Details = TypeRegistry.FromFiles(ErrorDetailsReflection.Descriptor, StatusReflection.Descriptor);

    private static readonly JsonFormatter Formatter = new(new JsonFormatter.Settings(formatDefaultValues: false, Details));

    public static void Configure(GrpcJsonTranscodingOptions json)
    {
        // JavaScript has no integers above 2^53.
        json.JsonSettings.WriteInt64sAsStrings = true;
        json.TypeRegistry = Details;
    }

    /// <summary>The field that has a name in JSON, which may be that of the protobuf, too; null when there is none.</summary>
    public static FieldDescriptor? FieldOf(MessageDescriptor message, string name) =>
        message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name || field.Name == name);

    public static string Format(Status status) => Formatter.Format(status);
}

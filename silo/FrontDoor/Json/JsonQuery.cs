using AgentRuntime.Common;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace AgentRuntime.FrontDoor.Json;

/// <summary>Checks that each parameter of a query is a field of the request that stands neither in the path nor in the body.</summary>
internal static class JsonQuery
{
    /// <exception cref="InvalidInputException">One is not.</exception>
    public static void Require(HttpRequest request, GrpcJsonTranscodingMetadata method, PathTemplate template)
    {
        foreach (var key in request.Query.Keys)
        {
            if (!IsParameter(key, method.HttpRule.Body, template.BoundField, method.MethodDescriptor.InputType))
                throw new InvalidInputException(key, "is no parameter of this method; leave it out.");
        }
    }

    private static bool IsParameter(string key, string body, string? bound, MessageDescriptor message)
    {
        if (body == "*") return false;
        var path = key.Split('.');
        for (var i = 0; i < path.Length; i++)
        {
            var field = JsonForm.FieldOf(message, path[i]);
            if (field is null || (i == 0 && (field.Name == body || field.Name == bound))) return false;
            if (i == path.Length - 1) return true;
            if (field.FieldType != FieldType.Message) return false;
            message = field.MessageType;
        }

        return false;
    }
}

using System.Reflection;
using AgentRuntime.FrontDoor.Authorisation;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AgentRuntime.RedTeam.Attacks;

/// <summary>The methods of the table, and for each a request that has the right shape and asks for what is not there.</summary>
internal static class Requests
{
    private const string Id = "red-team";

    private static readonly Dictionary<string, MethodDescriptor> Described = typeof(V1.RunsReflection).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(V1.RunsReflection).Namespace && type.Name.EndsWith("Reflection", StringComparison.Ordinal))
        .Select(type => (FileDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!)
        .SelectMany(file => file.Services).SelectMany(service => service.Methods)
        .ToDictionary(method => $"/{method.Service.FullName}/{method.Name}", StringComparer.Ordinal);

    /// <summary>The methods that need a credential.</summary>
    public static IEnumerable<(string Method, MethodRule Rule)> Guarded => MethodTable.Methods.Order(StringComparer.Ordinal)
        .Select(method => (method, MethodTable.For(method)))
        .Where(each => each.Item2.Caller != CallerKind.Anyone);

    /// <summary>What the ids of attacks call a method.</summary>
    public static string ShortName(string method) => method[(method.LastIndexOf('.') + 1)..];

    public static IMessage For(string method, string tenant)
    {
        var described = Described[method];
        var message = described.InputType.Parser.ParseFrom(ByteString.Empty);
        Fill(message, described.Service.Name.ToLowerInvariant(), tenant);
        return message;
    }

    private static void Fill(IMessage message, string collection, string tenant)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => !field.IsRepeated && field.RealContainingOneof is null))
        {
            if (field.FieldType == FieldType.Enum) field.Accessor.SetValue(message, field.EnumType.Values[1].Number);
            if (field.FieldType != FieldType.String) continue;
            string? value = field.Name switch
            {
                "parent" => $"tenants/{tenant}",
                "name" => collection == "tenants" ? $"tenants/{Id}" : $"tenants/{tenant}/{collection}/{Id}",
                "agent" => $"tenants/{tenant}/agents/{Id}",
                "request_id" or "session_id" or "reason" or "input" or "server" => Id,
                "contract_hash" => new string('a', 64),
                _ => null,
            };
            if (value is not null) field.Accessor.SetValue(message, value);
        }
    }
}

using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace AgentRuntime.FrontDoor.OpenApi;

/// <summary>The protobufs of the wire with their comments, which the generated code does not have: the build keeps them beside it.</summary>
internal static class WireDescriptors
{
    private const string Resource = "agentruntime.protoset";
    private const string Package = "agentruntime.v1";

    private static readonly ExtensionRegistry Annotations = [AnnotationsExtensions.Http, FieldBehaviorExtensions.FieldBehavior, ResourceExtensions.Resource];

    /// <summary>All files, each after those that it imports.</summary>
    public static IReadOnlyList<FileDescriptor> Files { get; } = Read();

    /// <summary>The services of this API, by name.</summary>
    public static IReadOnlyList<ServiceDescriptor> Services { get; } =
        [.. Own.SelectMany(file => file.Services).OrderBy(service => service.Name, StringComparer.Ordinal)];

    /// <summary>The files that are this API's own.</summary>
    public static IEnumerable<FileDescriptor> Own => Files.Where(file => file.Package == Package);

    /// <summary>What stands above a declaration, as one line for each paragraph; empty where nothing does.</summary>
    public static string CommentOf(IDescriptor descriptor)
    {
        var declaration = descriptor switch
        {
            ServiceDescriptor service => service.Declaration,
            MethodDescriptor method => method.Declaration,
            MessageDescriptor message => message.Declaration,
            FieldDescriptor field => field.Declaration,
            EnumDescriptor @enum => @enum.Declaration,
            EnumValueDescriptor value => value.Declaration,
            OneofDescriptor oneof => oneof.Declaration,
            _ => null,
        };
        var lines = (declaration?.LeadingComments ?? "").Split('\n').Select(line => line.Trim());
        return string.Join('\n', string.Join(' ', lines).Split("  ", StringSplitOptions.RemoveEmptyEntries)).Trim();
    }

    private static IReadOnlyList<FileDescriptor> Read()
    {
        using var stream = typeof(WireDescriptors).Assembly.GetManifestResourceStream(Resource)!;
        var set = FileDescriptorSet.Parser.ParseFrom(stream);
        return FileDescriptor.BuildFromByteStrings(set.File.Select(file => file.ToByteString()), Annotations);
    }
}

using System.Reflection;
using AgentRuntime.AwsStore;
using AgentRuntime.Common;
using AgentRuntime.Dashboard;
using AgentRuntime.FrontDoor;
using AgentRuntime.FrontDoor.Identity.Issuers;
using AgentRuntime.FrontDoor.Listening;
using AgentRuntime.FrontDoor.Overload;
using AgentRuntime.Mcp.Configuration;
using AgentRuntime.Models.OpenAI;
using AgentRuntime.Models.Recordings;
using AgentRuntime.Tenants;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Http.Egress;
using AgentRuntime.Tools.Http.Secrets;

namespace AgentRuntime.Hosting;

/// <summary>The sections that settings may have and the keys in them. One that nothing reads is a wish that nobody would hear, so it ends the start.</summary>
internal static class KnownSettings
{
    private static readonly (string Path, Type Holds)[] Sections =
    [
        (SiloHostOptions.SectionName, typeof(SiloHostOptions)),
        (FrontDoorOptions.SectionName, typeof(FrontDoorOptions)),
        (ListeningOptions.SectionName, typeof(ListeningOptions)),
        (IdentityOptions.SectionName, typeof(IdentityOptions)),
        (OverloadOptions.SectionName, typeof(OverloadOptions)),
        (DashboardSettings.SectionName, typeof(DashboardSettings)),
        (TenancyOptions.SectionName, typeof(TenancyOptions)),
        (AwsStoreOptions.SectionName, typeof(AwsStoreOptions)),
        (McpOptions.SectionName, typeof(McpOptions)),
        (OpenAIModelOptions.SectionName, typeof(IDictionary<string, OpenAIModelOptions>)),
        (RecordModelOptions.SectionName, typeof(IDictionary<string, RecordModelOptions>)),
        (ReplayModelOptions.SectionName, typeof(IDictionary<string, ReplayModelOptions>)),
        (ToolGatewayOptions.SectionName, typeof(ToolGatewayOptions)),
        (EgressOptions.SectionName, typeof(EgressOptions)),
        (SecretOptions.SectionName, typeof(SecretOptions)),
        (SiloLogging.FormatKey, typeof(string)),

        // Secrets in the environment: their names are the tenants'.
        ("SECRET", typeof(IDictionary<string, string>)),
    ];

    /// <summary>Single values that belong to no section are left alone: the environment holds those of agentctl and of OpenTelemetry, too.</summary>
    /// <exception cref="AgentRuntimeException">InvalidArgument: a section or a key is unknown; the message names it and those that there are.</exception>
    public static void Require(IConfiguration settings)
    {
        foreach (var section in settings.GetChildren().Where(section => section.GetChildren().Any())) RequireKnown(section, [], Below(""));
    }

    private static void RequireKnown(IConfigurationSection section, Type[] holders, string[] sections)
    {
        var members = holders.SelectMany(holder => holder.GetProperties(BindingFlags.Public | BindingFlags.Instance)).ToList();
        var isSection = sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase);
        if (members.Find(each => each.Name.Equals(section.Key, StringComparison.OrdinalIgnoreCase)) is { } member) RequireKnown(section, member.PropertyType);
        else if (!isSection) throw Unknown(section, members.Select(each => each.Name).Concat(sections));
        if (!isSection) return;
        var held = Array.FindAll(Sections, each => each.Path.Equals(section.Path, StringComparison.OrdinalIgnoreCase));
        var below = Below(section.Path + ConfigurationPath.KeyDelimiter);
        if (held is [{ Holds: var type }] && !HasMembers(type)) RequireKnown(section, type);
        else foreach (var child in section.GetChildren()) RequireKnown(child, [.. held.Select(each => each.Holds)], below);
    }

    private static void RequireKnown(IConfigurationSection section, Type type)
    {
        if (HasMembers(type))
        {
            foreach (var child in section.GetChildren()) RequireKnown(child, [type], []);
        }
        else if (type.IsGenericType && HasMembers(type.GetGenericArguments()[^1]))
        {
            foreach (var entry in section.GetChildren()) RequireKnown(entry, type.GetGenericArguments()[^1]);
        }
    }

    // What is bound key by key, other than values and the entries of lists and maps.
    private static bool HasMembers(Type type) => type.IsClass && type.Assembly.GetName().Name!.StartsWith("AgentRuntime.", StringComparison.Ordinal);

    private static string[] Below(string path) =>
    [
        .. Sections.Where(section => section.Path.StartsWith(path, StringComparison.OrdinalIgnoreCase))
            .Select(section => section.Path[path.Length..].Split(ConfigurationPath.KeyDelimiter)[0])
            .Distinct(StringComparer.OrdinalIgnoreCase),
    ];

    private static AgentRuntimeException Unknown(IConfigurationSection section, IEnumerable<string> known) => new(
        ErrorCode.InvalidArgument,
        $"Setting {Shown.Text(section.Path)} is unknown. Correct it or leave it out; there are {string.Join(", ", known.Order(StringComparer.OrdinalIgnoreCase))}.");
}

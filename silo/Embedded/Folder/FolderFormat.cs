using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using AgentRuntime.Common;

namespace AgentRuntime.Embedded.Folder;

/// <summary>The content of the file <c>format</c>: what a data folder is. Written once for each format.</summary>
/// <param name="Format">Grows when an older product could not read the folder any more.</param>
/// <param name="ClusterId">The one cluster that lives here.</param>
/// <param name="ServiceId">The service id that its silos use.</param>
/// <param name="CreatedBy">Version of the product that made the folder.</param>
/// <param name="KeySalt">What the folder's keys are derived with; null takes the cluster id. A folder made from a backup has another cluster id and the same keys.</param>
internal sealed record FolderFormat(
    int Format,
    string ClusterId,
    string ServiceId,
    string CreatedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? KeySalt = null)
{
    /// <summary>Made for new folders. Folders of the format before are served as they are, too.</summary>
    public const int Current = 2;

    public static string ProductVersion() =>
        typeof(FolderFormat).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    /// <exception cref="AgentRuntimeException">The content is not a format that this product reads.</exception>
    public static FolderFormat Parse(ReadOnlySpan<byte> content, string folder)
    {
        var format = Deserialize(content);
        if (format is null || format.Format < 1)
        {
            throw Refuse(folder, "has a damaged file 'format'. Restore that file from a backup, or choose another folder with --data (Silo:DataFolder)");
        }

        if (format.Format > Current)
        {
            throw Refuse(folder, $"has format {format.Format}; this version reads up to {Current}. "
                + $"Start it with the version that wrote it ({format.CreatedBy}) or newer");
        }

        return IdFormat.IsValid(format.ClusterId) && IdFormat.IsValid(format.ServiceId)
            ? format
            : throw Refuse(folder, "has a file 'format' without a valid cluster id. Restore that file from a backup, or choose another folder with --data (Silo:DataFolder)");
    }

    private static FolderFormat? Deserialize(ReadOnlySpan<byte> content)
    {
        try
        {
            return JsonSerializer.Deserialize<FolderFormat>(content, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AgentRuntimeException Refuse(string folder, string reason) =>
        new(ErrorCode.StorageCorrupted, $"Data folder '{folder}' {reason}.");
}

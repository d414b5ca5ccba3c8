using AgentRuntime.Common;
using Microsoft.Extensions.DependencyInjection;

namespace AgentRuntime.Models.Recordings;

internal static class RecordingsRegistration
{
    /// <summary>Offers the model <paramref name="of"/> by another name and writes down what it is asked and answers.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The name that definitions use; a replay by the same name gives the same journal.</param>
    /// <param name="of">The registered name of the model that answers.</param>
    /// <param name="path">The file, absolute. What it holds is kept. It holds conversations: only its owner may read it.</param>
    /// <param name="maxBytes">Bytes of the file, at most; beyond that calls fail. At most <see cref="Recording.MaxBytes"/>.</param>
    /// <param name="dataClasses">The classes of data that the model may see; <paramref name="of"/> must be cleared for them, too.</param>
    /// <exception cref="InvalidInputException">An argument is wrong; the message names it.</exception>
    public static IServiceCollection AddRecordedModel(
        this IServiceCollection services, string name, string of, string path, long maxBytes = 64 * 1024 * 1024, params string[] dataClasses)
    {
        IdFormat.Require(of, $"model {name}: the recorded model");
        if (of == name) throw new InvalidInputException($"model {name}", "cannot record itself; name the model that answers.");
        if (maxBytes is < 1_024 or > Recording.MaxBytes) throw new InvalidInputException($"model {name}: size of the recording", $"must be 1024 to {Recording.MaxBytes} bytes.");
        RequirePath(name, path);
        services.AddModels();
        return services.AddSingleton(new ModelRegistration(
            name, dataClasses, provider => new RecordChatClient(name, provider.GetRequiredService<ModelRegistry>().Get(of), RecordingFile.Open(path, maxBytes)), of));
    }

    /// <summary>Offers a recording as a model. Read at once, so that a host with a bad file does not start.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The name that definitions use.</param>
    /// <param name="path">The file, absolute.</param>
    /// <param name="dataClasses">The classes of data that the model may see.</param>
    /// <exception cref="InvalidInputException">An argument or the file is refused; the message names it.</exception>
    public static IServiceCollection AddReplayModel(this IServiceCollection services, string name, string path, params string[] dataClasses)
    {
        RequirePath(name, path);
        if (!File.Exists(path)) throw new InvalidInputException($"model {name}", $"there is no recording {path}.");
        using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var recording = Recording.Read(path, file);
        return services.AddModel(name, _ => new ReplayChatClient(name, Path.GetFileName(path), recording), dataClasses);
    }

    private static void RequirePath(string name, string path)
    {
        if (!Path.IsPathFullyQualified(path)) throw new InvalidInputException($"model {name}: file", "must be an absolute path.");
    }
}

using System.Text.Json;

namespace AgentRuntime.Image.Publishing;

/// <summary>Builds the silo with its runtime, in a copy of the sources: what lies in the checkout's bin and obj neither goes in nor is touched.</summary>
internal sealed class SiloPublisher(Checkout checkout, Pins pins, string folder)
{
    private string Source => Path.Combine(folder, "source");

    public Task CopyAsync(CancellationToken cancellation) => checkout.CopyAsync(Source, cancellation);

    public async Task<PublishedSilo> PublishAsync(Platform platform, CancellationToken cancellation)
    {
        var target = Path.Combine(folder, platform.Rid);
        string[] arguments =
        [
            "publish", "silo/Silo.csproj", "--configuration", "Release", "--runtime", platform.Rid, "--self-contained", "--output", target, "--verbosity", "quiet",
            // The lock files of the checkout know of no runtime: what was resolved is compared with them afterwards.
            "-p:RestoreLockedMode=false", $"-p:RuntimeFrameworkVersion={pins.DotnetVersion}",
            "-p:ContinuousIntegrationBuild=true", $"-p:SourceRevisionId={checkout.Revision}", "-p:GenerateDocumentationFile=false",
            // Symbols hold what generators wrote, which is not the same in every folder.
            "-p:DebugType=none", "-p:DebugSymbols=false",
            // It was analyzed where it was tested.
            "-p:RunAnalyzers=false", "-p:UseSharedCompilation=false",
        ];
        await Tool.RunAsync(Source, "dotnet", arguments, cancellation);
        using var assets = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Source, "silo", "obj", "project.assets.json"), cancellation));
        var packages = assets.RootElement.GetProperty("packageFolders").EnumerateObject().Select(each => each.Name).ToList();
        var silo = new PublishedSilo(target, DependencyFile.Read(Path.Combine(target, "AgentRuntime.Silo.deps.json"), packages));
        silo.Dependencies.RequirePinned(pins);
        silo.Dependencies.RequireLocked(Path.Combine(checkout.Root, "silo", "packages.lock.json"));
        return silo;
    }
}

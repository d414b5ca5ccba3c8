using System.CommandLine;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using AgentRuntime.Image.Debian;
using AgentRuntime.Image.Layers;
using AgentRuntime.Image.Layout;
using AgentRuntime.Image.Publishing;
using AgentRuntime.Image.Sbom;

namespace AgentRuntime.Image.Commands;

/// <summary>Builds the image.</summary>
internal static class BuildCommand
{
    public static Command Create()
    {
        var output = new Option<string>("--output") { Description = "A new or empty folder for the OCI image layout", Required = true };
        var platforms = new Option<string>("--platform") { Description = "linux/amd64, linux/arm64 or both with a comma", DefaultValueFactory = _ => "linux/amd64" };
        var command = new Command("build", "Builds the image into a folder, as an OCI image layout. The same commit, SDK and pins give the same bytes, wherever it is built.") { output, platforms };
        command.SetAction((parsed, cancellation) => RunAsync(Path.GetFullPath(parsed.GetRequiredValue(output)), Platform.Parse(parsed.GetRequiredValue(platforms)), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string target, IReadOnlyList<Platform> platforms, CancellationToken cancellation)
    {
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()) throw new ImageException($"'{target}' is not empty. Delete it, or name another folder with --output.");
        Directory.CreateDirectory(target);
        var checkout = await Checkout.OpenAsync(cancellation);
        var pins = Pins.Read(checkout.Root);
        var work = Directory.CreateTempSubdirectory("agentrt-image-").FullName;
        try
        {
            var version = XDocument.Load(Path.Combine(checkout.Root, "Directory.Build.props")).Descendants("VersionPrefix").Single().Value;
            var writer = new ImageWriter(target, version, checkout);
            var publisher = new SiloPublisher(checkout, pins, work);
            await publisher.CopyAsync(cancellation);
            var built = new JsonObject();
            foreach (var platform in platforms) built[platform.ToString()] = (await AddAsync(platform, version, checkout, pins, publisher, writer, cancellation)).Digest;
            var index = writer.Finish();
            Console.WriteLine(new JsonObject { ["image"] = target, ["tag"] = version, ["digest"] = index.Digest, ["platforms"] = built, ["revision"] = checkout.Revision }.ToJsonString());
            return 0;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<Descriptor> AddAsync(Platform platform, string version, Checkout checkout, Pins pins, SiloPublisher publisher, ImageWriter writer, CancellationToken cancellation)
    {
        var files = await new DebianArchive(platform.Architecture).TakeAsync(pins.Debian[platform.Architecture], cancellation);
        var debian = new List<DebianPackage>();
        foreach (var file in files) debian.Add(await DebianPackage.ReadAsync(file, cancellation));
        var silo = await publisher.PublishAsync(platform, cancellation);
        IReadOnlyList<(string, IReadOnlyList<RootEntry>)> layers =
        [
            ("Debian 12: the libraries that .NET links to", DebianRoot.Make(debian, platform)),
            ($".NET {pins.DotnetVersion}", silo.Runtime),
            ($"agent-runtime-silo {version}", silo.App),
        ];
        return writer.Add(platform, layers, SpdxDocument.Make(platform, version, checkout, silo.Dependencies.Packages, debian));
    }
}

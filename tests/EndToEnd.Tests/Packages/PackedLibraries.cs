using System.IO.Compression;
using AgentRuntime.Testing;

[assembly: AssemblyFixture(typeof(AgentRuntime.EndToEnd.Tests.Packages.PackedLibraries))]

namespace AgentRuntime.EndToEnd.Tests.Packages;

/// <summary>
/// The packages as <c>dotnet pack</c> makes them, and projects that know nothing of the repository but them. What they need besides comes from the
/// machine's own package folder, or from the sources that the machine has configured.
/// </summary>
public sealed class PackedLibraries : IAsyncLifetime
{
    // Of this run alone, so that no package of the same name that somebody once restored is taken instead.
    private readonly string _version = $"0.0.0-test-{Guid.NewGuid():N}";
    private readonly ScratchFolder _folder = new();
    private readonly SemaphoreSlim _once = new(1);
    private bool _isPacked;

    internal string Folder => _folder.At("packed");

    internal string Agentctl => _folder.At("agentctl", "tools", "net10.0", "any", "agentctl.dll");

    private Dictionary<string, string> Environment => new() { ["NUGET_PACKAGES"] = _folder.At("restored") };

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _once.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Packs what the build of these tests has built, once.</summary>
    internal async Task PackAsync()
    {
        await _once.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_isPacked) return;
            await Dotnet.RunAsync(
                Repository.Root, new Dictionary<string, string>(), "pack", "Orleans.sln", "--no-build", "-c", Repository.Configuration, "-o", Folder, $"-p:Version={_version}");
            ZipFile.ExtractToDirectory(Path.Combine(Folder, $"AgentRuntime.Cli.{_version}.nupkg"), _folder.At("agentctl"));
            var machine = (await Dotnet.RunAsync(_folder.Path, new Dictionary<string, string>(), "nuget", "locals", "global-packages", "--list")).Split(": ", 2)[1].Trim();
            await File.WriteAllTextAsync(_folder.At("nuget.config"), $"""
                <configuration>
                  <packageSources><add key="agent-runtime-test" value="{Folder}" /></packageSources>
                  <fallbackPackageFolders><add key="machine" value="{machine}" /></fallbackPackageFolders>
                </configuration>
                """);
            _isPacked = true;
        }
        finally
        {
            _once.Release();
        }
    }

    /// <summary>Makes a console project, as <c>dotnet new console</c> does, from one file of source and packages. Returns its folder.</summary>
    internal Task<string> MakeProjectAsync(string name, string source, params (string Id, string Version)[] others) =>
        MakeProjectAsync(name, source, "AgentRuntime.Client.Embedded", others);

    /// <summary>As the other, on one library that is named.</summary>
    internal async Task<string> MakeProjectAsync(string name, string source, string library, params (string Id, string Version)[] others)
    {
        await PackAsync();
        var folder = Directory.CreateDirectory(_folder.At(name)).FullName;
        var packages = others.Prepend((Id: library, Version: _version))
            .Select(package => $"""<PackageReference Include="{package.Id}" Version="{package.Version}" />""");
        await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                {string.Join("\n    ", packages)}
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), source);
        return folder;
    }

    /// <summary>Installs agentctl as a person does. Returns the folder of its program.</summary>
    internal async Task<string> InstallAgentctlAsync()
    {
        await PackAsync();
        var bin = _folder.At("bin");
        await Dotnet.RunAsync(_folder.Path, Environment, "tool", "install", "AgentRuntime.Cli", "--version", _version, "--tool-path", bin, "--configfile", _folder.At("nuget.config"));
        return bin;
    }

    /// <summary>Builds a project. Returns its program.</summary>
    internal async Task<string> BuildAsync(string folder)
    {
        var output = await Dotnet.RunAsync(folder, Environment, "build", "-v", "quiet", "-p:UseSharedCompilation=false");
        Assert.True(output.Contains("0 Warning(s)", StringComparison.Ordinal), output);
        return Path.Combine(folder, "bin", "Debug", "net10.0", $"{Path.GetFileName(folder)}.dll");
    }
}

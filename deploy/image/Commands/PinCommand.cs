using System.CommandLine;
using AgentRuntime.Image.Debian;

namespace AgentRuntime.Image.Commands;

/// <summary>Takes newer packages of Debian.</summary>
internal static class PinCommand
{
    public static Command Create()
    {
        var command = new Command("pin", "Writes the newest versions of Debian's packages, as the machine's sources have them, into pins.json. Look at the difference, and commit it.");
        command.SetAction(async (_, cancellation) =>
        {
            var root = Checkout.FindRoot();
            var pins = Pins.Read(root);
            var newest = new Dictionary<string, IReadOnlyList<DebianPin>>();
            foreach (var platform in Platform.All) newest[platform.Architecture] = await new DebianArchive(platform.Architecture).NewestAsync(cancellation);
            foreach (var (architecture, packages) in newest)
            {
                foreach (var package in packages.Except(pins.Debian.GetValueOrDefault(architecture) ?? [])) Console.WriteLine($"{architecture} {package.Name} {package.Version}");
            }

            (pins with { Debian = newest }).Write(root);
            return 0;
        });
        return command;
    }
}

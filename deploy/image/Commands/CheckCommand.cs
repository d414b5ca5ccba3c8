using System.CommandLine;
using System.Text.Json.Nodes;
using AgentRuntime.Image.Checking;

namespace AgentRuntime.Image.Commands;

/// <summary>Checks an image.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("LAYOUT") { Description = "The folder of an image layout" };
        var command = new Command("check", "Checks an image layout: every descriptor, every layer, whom it runs as, and that the document says all that is in it.") { folder };
        command.SetAction(parsed =>
        {
            var found = new LayoutCheck(Path.GetFullPath(parsed.GetRequiredValue(folder))).Run();
            foreach (var fault in found.Faults) Console.Error.WriteLine(fault);
            Console.WriteLine(new JsonObject
            {
                ["blobs"] = found.Blobs, ["bytes"] = found.Bytes, ["files"] = found.Files, ["packages"] = found.Packages, ["faults"] = found.Faults.Count,
            }.ToJsonString());
            return found.Faults.Count == 0 ? 0 : 3;
        });
        return command;
    }
}

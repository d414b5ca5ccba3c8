using System.CommandLine;
using AgentRuntime.Benchmarks;
using AgentRuntime.Benchmarks.FrontDoor;
using AgentRuntime.Benchmarks.Scale;

var root = new RootCommand("Benchmarks of the agent runtime. Build with -c Release; with --json each figure is one JSON object a line.")
{
    StoreVerb.Create(),
    W1Verb.Create(),
    StepsVerb.Create(),
    IdleVerb.Create(),
    SchemaVerb.Create(),
    FrontDoorVerb.Create(),
    LoadVerb.Create(),
    DriveVerb.Create(),
    ScaleVerb.Create(),
    ScaleSiloVerb.Create(),
};
return await root.Parse(args).InvokeAsync();

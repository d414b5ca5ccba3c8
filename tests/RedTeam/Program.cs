using System.CommandLine;
using AgentRuntime.RedTeam;

var root = new RootCommand("Attacks the agent runtime as a stranger would. Build with -c Release.") { FrontDoorVerb.Create() };
return await root.Parse(args).InvokeAsync();

using AgentRuntime.Hosting.Commands;

var root = ServeCommand.Create();
return await SiloCommandLine.RunAsync(root, args);

using AgentRuntime.Testing.Aws;

[assembly: AssemblyFixture(typeof(AwsStandIn))]

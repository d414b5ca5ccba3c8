using AgentRuntime.Testing.Aws;

[assembly: AssemblyFixture(typeof(AwsStandIn))]
[assembly: AssemblyFixture(typeof(S3StandIn))]

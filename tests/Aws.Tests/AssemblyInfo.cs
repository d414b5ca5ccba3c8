using AgentRuntime.Testing.Aws;

[assembly: AssemblyFixture(typeof(AwsStandIn))]
[assembly: AssemblyFixture(typeof(DynaliteStandIn))]
[assembly: AssemblyFixture(typeof(S3StandIn))]

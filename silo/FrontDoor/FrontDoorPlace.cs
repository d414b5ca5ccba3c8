namespace AgentRuntime.FrontDoor;

/// <summary>Where the front door keeps its key and leaves its address, and where it listens.</summary>
/// <param name="DataFolder">Full path of the cluster's data folder.</param>
/// <param name="ClusterId">The cluster that owns it.</param>
/// <param name="GrpcPort">The loopback port of gRPC, with HTTP/2; 0 takes the first that the server has.</param>
/// <param name="HttpPort">The loopback port of JSON, with HTTP/1.1; 0 when there is none.</param>
internal sealed record FrontDoorPlace(string DataFolder, string ClusterId, int GrpcPort, int HttpPort = 0);

using System.Net;

namespace AgentRuntime.Tools.Http.Egress;

/// <summary>Finds the addresses of a host. Asked once per connection; what it answers is what is connected to.</summary>
internal delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellation);

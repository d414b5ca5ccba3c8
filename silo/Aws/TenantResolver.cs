namespace AgentRuntime.Aws;

/// <summary>
/// Says whose a grain is. What it returns begins the partition key of everything that is stored for the grain, so that IAM can bind a role to it. It must
/// always say the same of the same grain, and is called on every read and write: no I/O.
/// </summary>
/// <param name="grain">The grain whose state is read or written.</param>
/// <returns>The tenant: 1 to 256 characters. Any character is safe; separators are escaped.</returns>
public delegate string TenantResolver(GrainId grain);

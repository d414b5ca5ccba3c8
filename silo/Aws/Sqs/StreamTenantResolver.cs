namespace AgentRuntime.Aws.Sqs;

/// <summary>
/// Says whose a stream is, by its namespace and key. It must always say the same of the same stream, in every silo and client. It is called when an event
/// is published and again when its message is received: a message that says otherwise is not delivered. No I/O.
/// </summary>
/// <param name="stream">The stream that is published to.</param>
/// <returns>The tenant: 1 to 256 characters.</returns>
public delegate string StreamTenantResolver(StreamId stream);

namespace AgentRuntime.Common.Telemetry;

/// <summary>
/// Whether anything that logs here shows scopes. One that is open while a run works makes each of its continuations larger, whether or not a line is
/// written, so that it is opened only for somebody.
/// </summary>
internal sealed record LogScopes(bool AreShown);

namespace AgentRuntime.FrontDoor.Lists;

/// <summary>One condition of a filter.</summary>
/// <param name="Field">The field, as the protobuf names it.</param>
/// <param name="Operator">One of =, !=, &lt;, &lt;=, &gt; and &gt;=.</param>
/// <param name="Value">What it is compared with.</param>
internal sealed record FilterTerm(string Field, string Operator, string Value);

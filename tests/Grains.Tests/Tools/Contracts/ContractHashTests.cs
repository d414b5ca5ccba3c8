using AgentRuntime.Common;
using AgentRuntime.Tools;
using AgentRuntime.Tools.Contracts;

namespace AgentRuntime.Grains.Tests.Tools.Contracts;

public sealed class ContractHashTests
{
    private static readonly ToolContract Contract = new(
        "refund", "Pays \"back\" ü.", """{ "type":"object","required":["a"],"properties":{"b":{"minimum":1.50},"a":{"type":"string"}} }""", """{"type":"object"}""",
        RiskLevel.WriteHigh, EffectClass.AtMostOnce, 5_000, ["customer", "orders"], ["api.example.com"],
        new HttpInvoker("POST", "https://api.example.com/{a}", new Dictionary<string, string> { ["X-B"] = "2", ["X-A"] = "secret:key" }, 1_024));

    [Fact]
    public void Compute_KnownContract_IsTheHashOfEveryRelease() =>
        Assert.Equal("dca257ecd0135c0e2790cb70b817d79e3c38a61833bab761f4c5f1dfe8deea8e", ContractHash.Compute(Contract));

    [Fact]
    public void Canonical_KnownContract_IsTheFormOfEveryRelease() => Assert.Equal(
        """{"wireName":"refund","description":"Pays \u0022back\u0022 \u00FC.","input":{"properties":{"a":{"type":"string"},"b":{"minimum":1.50}},"required":["a"],"type":"object"},"output":{"type":"object"},"risk":3,"effect":3,"timeoutMs":5000,"dataClasses":["customer","orders"],"egressHosts":["api.example.com"],"invoker":{"method":"POST","url":"https://api.example.com/{a}","headers":{"X-A":"secret:key","X-B":"2"},"maxResponseBytes":1024}}""",
        System.Text.Encoding.UTF8.GetString(ContractHash.Canonical(Contract)));

    [Fact]
    public void Compute_OtherSpellingOfTheSame_IsTheSame() => Assert.Equal(
        ContractHash.Compute(Contract),
        ContractHash.Compute(Contract with
        {
            InputSchema = """{"properties":{"a":{"type":"string"},"b":{"minimum":1.50}},"type":"object","required":["a"]}""",
            Invoker = (HttpInvoker)Contract.Invoker with { Headers = new Dictionary<string, string> { ["X-A"] = "secret:key", ["X-B"] = "2" } },
        }));

    [Fact]
    public void Compute_EachPartChanged_IsAnotherHash()
    {
        var http = (HttpInvoker)Contract.Invoker;
        ToolContract[] others =
        [
            Contract,
            Contract with { WireName = "refund2" },
            Contract with { Description = "Pays." },
            Contract with { InputSchema = """{"type":"object"}""" },
            Contract with { OutputSchema = null },
            Contract with { Risk = RiskLevel.Write },
            Contract with { Effect = EffectClass.Idempotent },
            Contract with { TimeoutMs = 5_001 },
            Contract with { DataClasses = ["customer"] },
            Contract with { EgressHosts = ["api.example.com:443"] },
            Contract with { Invoker = http with { Method = "PUT" } },
            Contract with { Invoker = http with { UrlTemplate = "https://api.example.com/x/{a}" } },
            Contract with { Invoker = http with { MaxResponseBytes = 1_025 } },
            Contract with { Invoker = http with { Headers = new Dictionary<string, string>() } },
            Contract with { Invoker = new FunctionInvoker("refund") },
        ];

        Assert.Equal(others.Length, others.Select(ContractHash.Compute).Distinct().Count());
    }
}

using System.Globalization;
using System.Text;
using AgentRuntime.Tools.JsonSchema;
using CsCheck;

namespace AgentRuntime.Grains.Tests.Tools.JsonSchema;

public sealed class ExactNumberTests
{
    private static readonly Gen<decimal> Numbers = Gen.Select(Gen.Int[-1_000_000, 1_000_000], Gen.Int[0, 6], (digits, scale) => new decimal(digits) / (decimal)Math.Pow(10, scale));

    [Fact]
    public void CompareTo_AnyTwo_AgreesWithDecimal() =>
        Gen.Select(Numbers, Numbers).Sample((a, b) => Math.Sign(Parse(a).CompareTo(Parse(b))) == a.CompareTo(b));

    [Fact]
    public void IsMultipleOf_AnyTwo_AgreesWithDecimal() =>
        Gen.Select(Numbers, Numbers.Where(d => d > 0)).Sample((a, b) => Parse(a).IsMultipleOf(Parse(b)) == (a % b == 0));

    [Fact]
    public void IsMultipleOf_Products_AreMultiples() =>
        Gen.Select(Gen.Int[-9_999, 9_999], Numbers.Where(d => d > 0)).Sample((n, b) => Parse(n * b).IsMultipleOf(Parse(b)));

    [Fact]
    public void GetHashCode_TwoSpellings_AreEqual() =>
        Numbers.Sample(a => Parse(a).GetHashCode() == Parse((a * 100).ToString(CultureInfo.InvariantCulture) + "e-2").GetHashCode());

    [Theory]
    [InlineData("1e100001")]
    [InlineData("1e99999999999999999999")]
    public void TryParse_BeyondTheLimits_IsRefused(string text) => Assert.False(ExactNumber.TryParse(Encoding.ASCII.GetBytes(text), out _));

    private static ExactNumber Parse(decimal value) => Parse(value.ToString(CultureInfo.InvariantCulture));

    private static ExactNumber Parse(string text) => ExactNumber.TryParse(Encoding.ASCII.GetBytes(text), out var number)
        ? number
        : throw new FormatException(text);
}

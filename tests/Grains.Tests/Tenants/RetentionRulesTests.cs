using AgentRuntime.Common;
using AgentRuntime.Tenants;

namespace AgentRuntime.Grains.Tests.Tenants;

public class RetentionRulesTests
{
    private static readonly RetentionSettings Sample = new(30, [new("customer", 7), new("ledger", 3_650), new("archive", null)]);

    [Theory]
    [InlineData("", 30)]
    [InlineData("weather", 30)]
    [InlineData("customer", 7)]
    [InlineData("ledger", 3_650)]
    [InlineData("archive", null)]
    [InlineData("archive,ledger", 3_650)]
    [InlineData("customer,ledger,weather", 7)]
    public void PeriodOf_Classes_IsTheShortestThatIsNamed(string classes, int? days) =>
        Assert.Equal(days, RetentionRules.PeriodOf(Sample, classes.Split(',', StringSplitOptions.RemoveEmptyEntries))?.Days);

    [Fact]
    public void PeriodOf_NoRetention_IsForEver()
    {
        Assert.Null(RetentionRules.PeriodOf(null, ["customer"]));
        Assert.Null(RetentionRules.PeriodOf(new RetentionSettings(null, []), ["customer"]));
    }

    [Fact]
    public void Normalise_Classes_AreInOrder() =>
        Assert.Equal(["archive", "customer", "ledger"], RetentionRules.Normalise(Sample).Classes.Select(each => each.DataClass));

    [Theory]
    [InlineData(-1)]
    [InlineData(36_501)]
    public void Normalise_OutOfBounds_NamesTheClass(int days)
    {
        Assert.Contains("default", Assert.Throws<InvalidInputException>(() => RetentionRules.Normalise(new RetentionSettings(days, []))).Message, StringComparison.Ordinal);
        Assert.Contains("ledger", Assert.Throws<InvalidInputException>(() => RetentionRules.Normalise(new RetentionSettings(1, [new("ledger", days)]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Normalise_AClassTwice_IsRefused() =>
        Assert.Throws<InvalidInputException>(() => RetentionRules.Normalise(new RetentionSettings(1, [new("ledger", 2), new("ledger", 3)])));

    [Fact]
    public void AreSame_OtherDaysOrClasses_AreNot()
    {
        Assert.True(RetentionRules.AreSame(Sample, Sample with { Classes = [.. Sample.Classes] }));
        Assert.False(RetentionRules.AreSame(Sample, Sample with { DefaultDays = null }));
        Assert.False(RetentionRules.AreSame(Sample, Sample with { Classes = [] }));
        Assert.False(RetentionRules.AreSame(Sample, null));
    }
}

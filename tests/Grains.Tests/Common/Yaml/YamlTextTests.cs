using AgentRuntime.Common;
using AgentRuntime.Common.Yaml;

namespace AgentRuntime.Grains.Tests.Common.Yaml;

public class YamlTextTests
{
    [Fact]
    public void Read_TwoDocuments_ReturnsBothWithPlaces()
    {
        var documents = YamlText.Read("a: 1\n---\nb:\n  - x\n---\n");

        Assert.Equal(2, documents.Count);
        var list = Assert.IsType<YamlList>(Assert.IsType<YamlMap>(documents[1]).Entries[0].Value);
        Assert.Equal(new YamlPlace(4, 3), list.Place);
    }

    [Theory]
    [InlineData("a: &x 1\nb: *x", "yaml:1:4", "anchor '&x' is refused")]
    [InlineData("b: *x", "yaml:1:4", "alias '*x' is refused")]
    [InlineData("a: !!str 1", "yaml:1:4", "tag")]
    [InlineData("a: !evil 1", "yaml:1:4", "tag '!evil' is refused")]
    [InlineData("a: 1\nb: 2\na: 3", "yaml:3:1", "key 'a' is there twice, first in line 1")]
    [InlineData("? [a]\n: 1", "yaml:1:1", "a key that is no text")]
    [InlineData("a: [1, 2", "yaml:2", "no valid YAML")]
    [InlineData("a: 'open", "yaml:1", "no valid YAML")]
    public void Read_RefusedConstruct_NamesPlaceAndCulprit(string yaml, string place, string part)
    {
        var refused = Assert.Throws<InvalidInputException>(() => YamlText.Read(yaml));

        Assert.StartsWith(place, refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AliasBomb_RefusedAtTheFirstAnchor()
    {
        var bomb = "a: &a [x,x,x]\n" + string.Concat(Enumerable.Range(1, 8).Select(i => $"b{i}: &b{i} [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"));

        var refused = Assert.Throws<InvalidInputException>(() => YamlText.Read(bomb));

        Assert.StartsWith("yaml:1:4", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    public void Read_DeepNesting_Refused(string open, string close)
    {
        var deep = string.Concat(Enumerable.Repeat(open, 20_000)) + string.Concat(Enumerable.Repeat(close, 20_000));

        var refused = Assert.Throws<InvalidInputException>(() => YamlText.Read(deep));

        Assert.Contains("deeper than 32", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DeepestAllowed_Accepted() =>
        Assert.Single(YamlText.Read(new string('[', YamlLimits.MaxDepth - 1) + "x" + new string(']', YamlLimits.MaxDepth - 1)));

    [Fact]
    public void Read_TooManyValues_Refused()
    {
        var refused = Assert.Throws<InvalidInputException>(() => YamlText.Read("[" + string.Join(',', Enumerable.Repeat("1", 20_001)) + "]"));

        Assert.Contains("more than 20000 values", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooManyDocuments_Refused()
    {
        var refused = Assert.Throws<InvalidInputException>(() => YamlText.Read(string.Concat(Enumerable.Repeat("---\na: 1\n", 201))));

        Assert.Contains("more than 200 documents", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooLong_Refused()
    {
        var refused = Assert.Throws<InvalidInputException>(() => YamlText.Read(new string('a', YamlLimits.MaxBytes + 1)));

        Assert.Contains("at most 262144 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ControlAndBidiInKey_ShownEscaped()
    {
        var refused = Assert.Throws<InvalidInputException>(() => YamlText.Read("\"a\\u202eb\\e[31m\": 1\n\"a\\u202eb\\e[31m\": 2\n"));

        Assert.Contains("a\\u{202e}b\\u{1b}[31m", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', refused.Message);
    }

    [Theory]
    [InlineData("a: 1", "{\"a\":1}")]
    [InlineData("a: '1'", "{\"a\":\"1\"}")]
    [InlineData("a: yes", "{\"a\":\"yes\"}")]
    [InlineData("a: no", "{\"a\":\"no\"}")]
    [InlineData("a: true", "{\"a\":true}")]
    [InlineData("a: null", "{\"a\":null}")]
    [InlineData("a: -1.5", "{\"a\":-1.5}")]
    [InlineData("a: 1e3", "{\"a\":\"1e3\"}")]
    [InlineData("a: [x, {b: false}]", "{\"a\":[\"x\",{\"b\":false}]}")]
    public void ToJson_Scalars_TypedOnlyWhenPlain(string yaml, string json) =>
        Assert.Equal(json, YamlJson.ToJson(YamlText.Read(yaml)[0]));
}

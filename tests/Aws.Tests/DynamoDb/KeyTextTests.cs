using AgentRuntime.Aws.DynamoDb;
using AgentRuntime.Aws.DynamoDb.GrainState;
using CsCheck;

namespace AgentRuntime.Aws.Tests.DynamoDb;

public sealed class KeyTextTests
{
    // The characters that matter, often.
    private static readonly Gen<string> Name = Gen.OneOf(Gen.Char["#/%TGSa*?\n"], Gen.Char).Array[1, 12].Select(letters => new string(letters))
        .Where(text => !text.Any(char.IsSurrogate));

    [Fact]
    public void Escape_AnyText_ComesBackAndHoldsNoSeparator() => Name.Sample(text =>
    {
        var escaped = KeyText.Escape(text);
        return KeyText.Unescape(escaped) == text && !escaped.AsSpan().ContainsAny("#/*?$");
    });

    [Fact]
    public void StateKey_OfAnyGrain_BeginsWithItsTenantAndWithNoOther() => Gen.Select(Name, Name, Name, Name).Sample((tenant, other, type, key) =>
    {
        var partition = Of(tenant, type, key).Partition;
        return partition.StartsWith(KeyText.Tenant(tenant), StringComparison.Ordinal)
            && (tenant == other || !partition.StartsWith(KeyText.Tenant(other), StringComparison.Ordinal));
    });

    [Fact]
    public void StateKey_OfDifferentGrains_IsDifferent() => Gen.Select(Name, Name, Name, Name).Where((type, key, type2, key2) => (type, key) != (type2, key2)).Sample(
        (type, key, type2, key2) => Of("t", type, key).Partition != Of("t", type2, key2).Partition);

    [Fact]
    public void Checked_TooLong_NamesTheLimit()
    {
        var failure = Assert.Throws<ArgumentException>(() => KeyText.Checked(new string('é', 1025), "s"));
        Assert.Contains("2050 bytes; DynamoDB takes 2048", failure.Message, StringComparison.Ordinal);
        KeyText.Checked(new string('é', 1024), new string('s', 1024));
        Assert.Throws<ArgumentException>(() => KeyText.Checked("p", new string('s', 1025)));
    }

    [Fact]
    public void Tenant_Empty_IsRefused() => Assert.Throws<ArgumentException>(() => KeyText.Tenant(""));

    private static StateKey Of(string tenant, string type, string key) => StateKey.Of(
        new DynamoDBStorageOptions { Tenant = _ => tenant }, "s", GrainId.Create(GrainType.Create($"t{type}"), IdSpan.Create(key)));
}

using System.Net;
using AgentRuntime.FrontDoor.Identity.AwsProofs;
using Microsoft.Extensions.Time.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.AwsProofs;

public sealed class ProofPlacesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ProofPlaces _places;

    public ProofPlacesTests() => _places = new ProofPlaces(_time);

    [Fact]
    public void TryEnter_KeysThatAreNotKnown_ShareAPartAndOfThatAPartByNetwork()
    {
        Assert.Equal(ProofPlaces.MaxOfNetwork, Enter(100, network: 1).Count);
        Assert.Equal(ProofPlaces.MaxOfNetwork, Enter(100, network: 2).Count);
        Assert.Equal(ProofPlaces.MaxOfUnknown - 2 * ProofPlaces.MaxOfNetwork, Enter(100, network: 3).Count + Enter(100, network: 4).Count);
        _places.Accepted("KEY1");
        Assert.NotNull(_places.TryEnter(Network(1), "KEY1"));
    }

    [Fact]
    public void TryEnter_KeyThatIsKnown_HasItsOwnAndThenWhatOthersHave()
    {
        _places.Accepted("KEY1");
        Assert.Equal(ProofPlaces.MaxOfKey + ProofPlaces.MaxOfNetwork, Enter(100, network: 1, key: "KEY1").Count);
        _places.Accepted("KEY2");
        var own = Enter(100, network: 1, key: "KEY2");
        Assert.Equal(ProofPlaces.MaxOfKey, own.Count);
        own.ForEach(place => place.Dispose());
        Assert.NotNull(_places.TryEnter(Network(1), "KEY2"));
    }

    [Fact]
    public void TryEnter_AllKnown_TakeAllPlacesAndNoMore()
    {
        var taken = 0;
        for (var i = 0; i < 100; i++)
        {
            _places.Accepted($"KEY{i}");
            taken += Enter(100, network: i, key: $"KEY{i}").Count;
        }

        Assert.Equal(ProofPlaces.Max, taken);
    }

    [Fact]
    public void TryEnter_KeyThatCountedLongAgo_IsNotKnown()
    {
        _places.Accepted("KEY1");
        Enter(100, network: 1);
        _time.Advance(ProofPlaces.KnownFor - TimeSpan.FromTicks(1));
        Assert.NotNull(_places.TryEnter(Network(1), "KEY1"));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(_places.TryEnter(Network(1), "KEY1"));
    }

    [Fact]
    public void Accepted_MoreKeysThanAreKept_ForgetsAll()
    {
        Enter(100, network: 1);
        for (var i = 0; i < ProofPlaces.MaxKeys; i++) _places.Accepted($"KEY{i}");
        _places.Accepted("KEY0");
        Assert.NotNull(_places.TryEnter(Network(1), "KEY1"));
        _places.Accepted("ANOTHER");
        Assert.Null(_places.TryEnter(Network(1), "KEY1"));
        Assert.NotNull(_places.TryEnter(Network(1), "ANOTHER"));
    }

    private List<IDisposable> Enter(int times, int network, string? key = null) =>
        [.. Enumerable.Range(0, times).Select(i => _places.TryEnter(Network(network), key ?? $"NEW{i}")).OfType<IDisposable>()];

    private static IPAddress Network(int number) => new([10, 0, 0, (byte)number]);
}

using System.Text.Json.Nodes;
using AgentRuntime.Common;
using AgentRuntime.FrontDoor.Identity.Issuers;
using AgentRuntime.Testing;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.Issuers;

/// <summary>Keys over real HTTP: rotation, outage, and what an issuer may not publish.</summary>
public sealed class IssuerKeysTests
{
    [Fact]
    public async Task Find_AfterRotation_ReadsTheNewKeyAndForgetsTheOld()
    {
        await using var bench = await IssuerBench.StartAsync();
        var old = bench.Issuer.Current;
        await bench.ReadAsync(bench.Token());
        bench.Time.Advance(IssuerKeys.MinInterval);
        bench.Issuer.Rotate(IssuerKey.Ec("k2"));

        await bench.ReadAsync(bench.Token());
        Assert.Equal(2, bench.Issuer.KeyRequests);
        await RefusedAsync(ErrorCode.Unauthenticated, "does not have", bench, old.Sign(bench.Claims()));
    }

    [Fact]
    public async Task Find_KeyThatIsNewSinceTheLastReading_IsRefusedForNowOnly()
    {
        await using var bench = await IssuerBench.StartAsync();
        await RefusedAsync(ErrorCode.Unauthenticated, "does not have.", bench, IssuerKey.Ec("invented").Sign(bench.Claims()));
        bench.Issuer.Rotate(IssuerKey.Ec("k2"));
        bench.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.True((await RefusedAsync(ErrorCode.Unauthenticated, "does not have, or not long", bench, bench.Token())).IsTransient);
        bench.Time.Advance(IssuerKeys.MinInterval);
        await bench.ReadAsync(bench.Token());
        Assert.False((await RefusedAsync(ErrorCode.Unauthenticated, "does not have.", bench, IssuerKey.Ec("invented").Sign(bench.Claims()))).IsTransient);
    }

    [Fact]
    public async Task Find_InventedKeys_ReachTheIssuerOnceInTheInterval()
    {
        await using var bench = await IssuerBench.StartAsync();
        await bench.ReadAsync(bench.Token());
        bench.Time.Advance(IssuerKeys.MinInterval);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => RefusedAsync(ErrorCode.Unauthenticated, "does not have", bench, IssuerKey.Ec($"x{i}").Sign(bench.Claims()))));
        Assert.Equal(2, bench.Issuer.KeyRequests);
    }

    [Fact]
    public async Task Find_KeysThatAreNoLongerFresh_AreReadAgainWithoutWaiting()
    {
        await using var bench = await IssuerBench.StartAsync();
        await bench.ReadAsync(bench.Token());
        var pause = new TaskCompletionSource();
        bench.Issuer.Pause = pause.Task;
        bench.Time.Advance(IssuerKeys.FreshFor);

        // Who waits for the issuer waits until it is given up.
        await bench.ReadAsync(bench.Token()).WaitAsync(IssuerDocuments.Timeout * 0.8, TestContext.Current.CancellationToken);

        pause.SetResult();
        await Eventually.TrueAsync(() => Task.FromResult(bench.Issuer.KeyRequests == 2), "a second reading");
    }

    [Fact]
    public async Task Find_WhileTheIssuerIsDown_HoldsOnToWhatItHadForADay()
    {
        await using var bench = await IssuerBench.StartAsync();
        await bench.ReadAsync(bench.Token());
        bench.Issuer.IsDown = true;
        bench.Time.Advance(IssuerKeys.MaxAge - TimeSpan.FromMinutes(1));
        await bench.ReadAsync(bench.Token());

        bench.Time.Advance(TimeSpan.FromMinutes(1));
        var fault = await RefusedAsync(ErrorCode.Unavailable, "corp", bench, bench.Token());
        Assert.True(fault.IsTransient);

        bench.Issuer.IsDown = false;
        bench.Time.Advance(IssuerKeys.MinInterval);
        await bench.ReadAsync(bench.Token());
    }

    [Fact]
    public async Task Find_IssuerThatWasNeverUp_IsUnavailableAndComesBack()
    {
        await using var bench = await IssuerBench.StartAsync();
        bench.Issuer.IsDown = true;
        await RefusedAsync(ErrorCode.Unavailable, "corp", bench, bench.Token());
        bench.Issuer.IsDown = false;
        await RefusedAsync(ErrorCode.Unavailable, "corp", bench, bench.Token());
        bench.Time.Advance(IssuerKeys.MinInterval);
        await bench.ReadAsync(bench.Token());
    }

    [Theory]
    [InlineData("name")]
    [InlineData("network")]
    [InlineData("redirect")]
    [InlineData("huge")]
    [InlineData("no json")]
    [InlineData("no set")]
    [InlineData("twice")]
    [InlineData("many")]
    public async Task Find_DocumentsThatAreNotGood_AreNotUsed(string wrong)
    {
        await using var bench = await IssuerBench.StartAsync();
        var issuer = bench.Issuer;
        var good = new JsonObject { ["keys"] = new JsonArray(issuer.Current.Public()) }.ToJsonString();
        if (wrong == "name") issuer.SaysName = "https://issuer.example";
        if (wrong == "network") issuer.SaysKeysAt = "http://192.0.2.1/keys";
        if (wrong == "redirect") issuer.SaysKeysAt = $"{issuer.Authority}/elsewhere";
        if (wrong == "huge") issuer.KeyDocument = good.PadRight(IssuerDocuments.MaxBytes + 1);
        if (wrong == "no json") issuer.KeyDocument = "rubbish";
        if (wrong == "no set") issuer.KeyDocument = "[]";
        if (wrong == "twice") issuer.KeyDocument = new JsonObject { ["keys"] = new JsonArray(issuer.Current.Public(), IssuerKey.Ec("k1").Public()) }.ToJsonString();
        if (wrong == "many") issuer.KeyDocument = new JsonObject { ["keys"] = new JsonArray([.. Enumerable.Range(0, KeySet.MaxKeys + 1).Select(i => Named(issuer.Current, $"k{i}"))]) }.ToJsonString();
        await RefusedAsync(ErrorCode.Unavailable, "corp", bench, bench.Token());
    }

    [Fact]
    public async Task Find_KeysThatAreWeakOrForSomethingElse_AreNone()
    {
        await using var bench = await IssuerBench.StartAsync();
        var other = bench.Issuer.Current.Public();
        other["use"] = "enc";
        var weak = IssuerKey.Rsa("weak", 1_024);
        bench.Issuer.KeyDocument = new JsonObject
        {
            ["keys"] = new JsonArray(other, weak.Public(), new JsonObject { ["kty"] = "oct", ["kid"] = "oct", ["k"] = "AAAA" }),
        }.ToJsonString();
        await RefusedAsync(ErrorCode.Unauthenticated, "does not have", bench, bench.Token());
        await RefusedAsync(ErrorCode.Unauthenticated, "does not have", bench, weak.Sign(bench.Claims()));
    }

    private static JsonObject Named(IssuerKey key, string id)
    {
        var named = key.Public();
        named["kid"] = id;
        return named;
    }

    private static async Task<AgentRuntimeException> RefusedAsync(ErrorCode code, string reason, IssuerBench bench, string token)
    {
        var fault = await Assert.ThrowsAsync<AgentRuntimeException>(() => bench.ReadAsync(token));
        Assert.Equal(code, fault.Code);
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
        return fault;
    }
}

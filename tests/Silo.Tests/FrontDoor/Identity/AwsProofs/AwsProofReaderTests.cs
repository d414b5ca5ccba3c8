using AgentRuntime.Common;
using AgentRuntime.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentRuntime.Silo.Tests.FrontDoor.Identity.AwsProofs;

public sealed class AwsProofReaderTests : IAsyncLifetime
{
    private ProofBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await ProofBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Read_GoodProof_IsTheRoleInTheTenantThatItSigns()
    {
        var caller = await _bench.ReadAsync(_bench.Draft().Text());
        Assert.Equal(("urn:agentruntime:aws", $"arn:aws:iam::{StsDouble.Account}:role/app", "acme"), (caller.Principal.Issuer, caller.Principal.Subject, caller.Principal.Tenant?.Value));
        Assert.Equal(["agent"], caller.Principal.Roles);
        Assert.Null(caller.Principal.Person);
        Assert.Equal(["accepted"], _bench.Outcomes);
    }

    [Fact]
    public async Task Read_ProofOfAnOperator_IsOfNoTenant()
    {
        var proof = _bench.Draft(StsDouble.OpsKey);
        proof.Headers.Remove("x-agentruntime-tenant");
        var caller = await _bench.ReadAsync(proof.Text(), tenant: null);
        Assert.Equal([Roles.PlatformOperator], caller.Principal.Roles);
        Assert.Null(caller.Principal.Tenant);
        await _bench.RefusesAsync("tenant", _bench.Draft(StsDouble.OpsKey).Text());
    }

    [Fact]
    public async Task Read_RegionalHost_IsAskedByItsName()
    {
        var proof = new ProofDraft(ProofBench.Cluster, _bench.Time.GetUtcNow(), host: "sts.eu-central-1.amazonaws.com", region: "eu-central-1") { Headers = { ["x-agentruntime-tenant"] = "beta" } };
        Assert.Equal("beta", (await _bench.ReadAsync(proof.Text(), "beta")).Principal.Tenant?.Value);
        Assert.Equal(["sts.eu-central-1.amazonaws.com"], _bench.Sts.Hosts);
    }

    [Fact]
    public async Task Read_AgainOnThisSiloAnotherAndAfterAStart_IsRefused()
    {
        var proof = _bench.Draft().Text();
        await _bench.ReadAsync(proof);
        await _bench.RefusesAsync("replayed", proof);
        await _bench.RefusesAsync("replayed", proof, silo: _bench.NewSilo());
    }

    [Fact]
    public async Task Read_AtOnceOnManySilos_CountsOnce()
    {
        var proof = _bench.Draft().Text();
        var silos = Enumerable.Range(0, 8).Select(_ => _bench.NewSilo()).ToList();
        var answers = await Task.WhenAll(silos.Select(async silo =>
        {
            try
            {
                await _bench.ReadAsync(proof, silo: silo);
                return true;
            }
            catch (AgentRuntimeException refused) when (refused.Code == ErrorCode.Unauthenticated)
            {
                return false;
            }
        }));
        Assert.Single(answers, counted => counted);
    }

    [Fact]
    public async Task Read_OfAnotherCluster_IsRefused() =>
        await _bench.RefusesAsync("sts_refused", new ProofDraft("c2", _bench.Time.GetUtcNow()) { Headers = { ["x-agentruntime-tenant"] = "acme" } }.Text());

    [Fact]
    public async Task Read_OtherTenantThanSigned_IsRefused()
    {
        await _bench.RefusesAsync("sts_refused", _bench.Draft().Text(), "beta");
        await _bench.RefusesAsync("tenant_header", _bench.Draft().Text(), tenant: null);
        await _bench.RefusesAsync("tenant_header", _bench.Draft().Text(), "acme\r\nx: y");
        var foreign = _bench.Draft();
        foreign.Headers["x-agentruntime-tenant"] = "gamma";
        await _bench.RefusesAsync("tenant", foreign.Text(), "gamma");
        var silent = _bench.Draft();
        silent.Headers.Remove("x-agentruntime-tenant");
        await _bench.RefusesAsync("tenant", silent.Text(), "acme");
    }

    [Fact]
    public async Task Read_WrongKeyOrUnknownRoleOrUser_IsRefused()
    {
        var forged = _bench.Draft();
        forged.Secret = "another";
        await _bench.RefusesAsync("sts_refused", forged.Text());
        await _bench.RefusesAsync("unmapped", _bench.Draft(StsDouble.StrangerKey).Text());
        await _bench.RefusesAsync("unmapped", _bench.Draft(StsDouble.UserKey).Text());
    }

    [Theory]
    [InlineData(-61, true)]
    [InlineData(-59, false)]
    [InlineData(119, false)]
    [InlineData(120, true)]
    public async Task Read_LaterByClock_CountsWhileFresh(int seconds, bool refused)
    {
        var proof = _bench.Draft();
        var at = _bench.Time.GetUtcNow().AddSeconds(-seconds);
        proof = new ProofDraft(ProofBench.Cluster, at) { Headers = { ["x-agentruntime-tenant"] = "acme" } };
        if (refused) await _bench.RefusesAsync("not_fresh", proof.Text());
        else await _bench.ReadAsync(proof.Text());
    }

    [Fact]
    public async Task Read_StsGrowsOldOverIt_IsRefused()
    {
        var proof = _bench.Draft().Text();
        _bench.Sts.Behaviour = http =>
        {
            _bench.Time.Advance(TimeSpan.FromMinutes(3));
            return http.Response.WriteAsync(StsDouble.Answer($"arn:aws:sts::{StsDouble.Account}:assumed-role/app/s"));
        };
        await _bench.RefusesAsync("not_fresh", proof);
    }

    [Theory]
    [InlineData("Throttling", 400)]
    [InlineData("InternalFailure", 500)]
    [InlineData("ServiceUnavailable", 503)]
    [InlineData("NotFound", 404)]
    public async Task Read_StsDoesNotSay_IsUnavailableAndMayComeAgain(string code, int status)
    {
        _bench.Sts.Behaviour = http => StsDouble.FailAsync(http, status, code);
        await UnavailableAsync();
        _bench.Sts.Behaviour = null;
        await _bench.ReadAsync(_bench.Draft().Text());
    }

    [Fact]
    public async Task Read_StsAnswersSomethingElse_IsUnavailable()
    {
        var followed = 0;
        var good = StsDouble.Answer($"arn:aws:sts::{StsDouble.Account}:assumed-role/app/s");
        var bomb = $"<!DOCTYPE r [<!ENTITY a \"{new string('a', 1000)}\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>{good.Replace(">AROA", ">&b;&b;&b;&b;", StringComparison.Ordinal)}";
        Func<HttpContext, Task>[] answers =
        [
            http =>
            {
                if (http.Request.Path != "/") followed++;
                http.Response.Redirect("/elsewhere");
                return Task.CompletedTask;
            },
            http => http.Response.WriteAsync(good.Replace("<Arn>", $"<!--{new string('x', 20_000)}--><Arn>", StringComparison.Ordinal)),
            http => http.Response.WriteAsync(bomb),
            http => http.Response.WriteAsync(good.Replace("<UserId>", "<Arn>arn:aws:sts::123456789012:assumed-role/ops/s</Arn><UserId>", StringComparison.Ordinal)),
            http => http.Response.WriteAsync(good.Replace("GetCallerIdentityResponse", "GetSessionTokenResponse", StringComparison.Ordinal)),
            http => http.Response.WriteAsync("{}"),
            http =>
            {
                http.Abort();
                return Task.CompletedTask;
            },
        ];
        foreach (var answer in answers)
        {
            _bench.Sts.Behaviour = answer;
            await UnavailableAsync();
        }

        Assert.Equal(0, followed);
    }

    [Fact]
    public async Task Read_RoleOfAnotherAccount_IsRefused()
    {
        _bench.Sts.Behaviour = http => http.Response.WriteAsync(StsDouble.Answer("arn:aws:sts::999999999999:assumed-role/app/s", "999999999999"));
        await _bench.RefusesAsync("unmapped", _bench.Draft().Text());
        _bench.Sts.Behaviour = http => http.Response.WriteAsync(StsDouble.Answer($"arn:aws:sts::{StsDouble.Account}:assumed-role/app/s", "999999999999"));
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        await _bench.RefusesAsync("unmapped", _bench.Draft().Text());
    }

    [Fact]
    public async Task Read_ManyAtOnceFromOneNetwork_LeaveOthersTheirPlaces()
    {
        var pause = new TaskCompletionSource();
        _bench.Sts.Pause = pause.Task;
        var busy = new List<Task>();
        for (var i = 0; i < 8; i++) busy.Add(_bench.ReadAsync(Distinct(i)));
        await Eventually.TrueAsync(() => Task.FromResult(_bench.Sts.Hosts.Count == 8), "eight proofs are with STS");
        var fault = await Assert.ThrowsAsync<AgentRuntimeException>(() => _bench.ReadAsync(Distinct(8)));
        Assert.Equal((ErrorCode.LimitExceeded, true), (fault.Code, fault.IsTransient));
        var neighbour = _bench.ReadAsync(Distinct(9), from: "10.0.0.2");
        pause.SetResult();
        await Task.WhenAll([.. busy, neighbour]);
        Assert.Equal(9, _bench.Sts.Hosts.Count);
    }

    [Fact]
    public async Task Read_FloodOfInventedKeysFromOneNetwork_LeavesKeysThatCountedTheirPlaces()
    {
        await _bench.ReadAsync(_bench.Draft().Text());
        var pause = new TaskCompletionSource();
        _bench.Sts.Pause = pause.Task;
        var flood = Enumerable.Range(0, 8).Select(i => Assert.ThrowsAsync<AgentRuntimeException>(() => _bench.ReadAsync(_bench.Draft($"ASIAINVENTED{i:00000000}").Text()))).ToList();
        await Eventually.TrueAsync(() => Task.FromResult(_bench.Sts.Hosts.Count == 9), "eight bad proofs are with STS");
        Assert.Equal(ErrorCode.LimitExceeded, (await Assert.ThrowsAsync<AgentRuntimeException>(() => _bench.ReadAsync(_bench.Draft(StsDouble.OpsKey).Text()))).Code);

        var known = _bench.ReadAsync(Distinct(1));
        await Eventually.TrueAsync(() => Task.FromResult(_bench.Sts.Hosts.Count == 10), "the good proof is with STS");
        pause.SetResult();
        await known;
        Assert.All(await Task.WhenAll(flood), refused => Assert.Equal(ErrorCode.Unauthenticated, refused.Code));
    }

    [Fact]
    public async Task Read_SameProofAtOnce_AsksStsOnce()
    {
        var pause = new TaskCompletionSource();
        _bench.Sts.Pause = pause.Task;
        var proof = _bench.Draft().Text();
        var first = _bench.ReadAsync(proof);
        await Eventually.TrueAsync(() => Task.FromResult(_bench.Sts.Hosts.Count == 1), "the proof is with STS");
        await _bench.RefusesAsync("replayed", proof);
        pause.SetResult();
        await first;
        Assert.Single(_bench.Sts.Hosts);
    }

    private string Distinct(int number)
    {
        var proof = _bench.Draft();
        proof.Parameters["X-Amz-Expires"] = $"{60 + number}";
        return proof.Text();
    }

    private async Task UnavailableAsync()
    {
        var fault = await Assert.ThrowsAsync<AgentRuntimeException>(() => _bench.ReadAsync(_bench.Draft().Text()));
        Assert.Equal((ErrorCode.Unavailable, true), (fault.Code, fault.IsTransient));
    }
}

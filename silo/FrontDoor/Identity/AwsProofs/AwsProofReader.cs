using System.Net;
using AgentRuntime.Common;

namespace AgentRuntime.FrontDoor.Identity.AwsProofs;

/// <summary>
/// Finds out from a proof which role of IAM speaks. Each proof counts once in the cluster: it is written down as used before it counts, so that after a crash in
/// between the caller makes a new one.
/// </summary>
internal sealed class AwsProofReader(AwsPrincipals principals, StsRequests sts, IUsedProofs used, FrontDoorPlace place, ProofInstruments instruments, TimeProvider time)
{
    // Until no silo of the cluster takes it for fresh, whatever its clock says.
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    private readonly ProofPlaces _places = new(time);
    private readonly SeenProofs _seen = new();

    /// <param name="text">The proof.</param>
    /// <param name="tenant">The tenant that the call names beside it; it counts if the proof signs it.</param>
    /// <param name="from">Who sent it.</param>
    /// <param name="cancellation">The caller has gone.</param>
    /// <exception cref="AgentRuntimeException">Unauthenticated: the proof does not hold. Unavailable: nobody can say now.</exception>
    public async Task<(AwsPrincipal Role, Caller Caller)> ReadAsync(string text, string? tenant, IPAddress? from, CancellationToken cancellation)
    {
        try
        {
            var found = await VerifyAsync(text, tenant, from, cancellation);
            instruments.Accepted();
            return found;
        }
        catch (RefusedProofException refused)
        {
            instruments.Refused(refused.Reason, from);
            throw TokenRefusal.Because("the proof does not hold; sign a new one for this cluster, and ask its operator if that is refused, too.");
        }
        catch (AgentRuntimeException failure) when (failure.Code == ErrorCode.Unavailable)
        {
            instruments.Unavailable(failure);
            throw;
        }
    }

    private async Task<(AwsPrincipal Role, Caller Caller)> VerifyAsync(string text, string? tenant, IPAddress? from, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var proof = AwsProof.Parse(text, now, principals.RegionOf);
        if (!proof.IsFresh(now)) throw new RefusedProofException("not_fresh");
        TenantId? named = proof.SignsTenant ? TenantOf(tenant) : null;
        using var entered = _places.TryEnter(from, proof.AccessKey);
        if (entered is null)
        {
            instruments.Busy();
            throw new AgentRuntimeException(ErrorCode.LimitExceeded, "credential: too many proofs are looked at now; try again after the pause in RetryInfo.", isTransient: true);
        }

        if (!_seen.TryAdd(proof.Signature)) throw new RefusedProofException("replayed");
        try
        {
            var found = await AskAsync(proof, named, cancellation);
            _places.Accepted(proof.AccessKey);
            return found;
        }
        catch (Exception failure) when (failure is not RefusedProofException)
        {
            _seen.Forget(proof.Signature);
            throw;
        }
    }

    private async Task<(AwsPrincipal Role, Caller Caller)> AskAsync(AwsProof proof, TenantId? named, CancellationToken cancellation)
    {
        var answer = await sts.AskAsync(proof, place.ClusterId, named, cancellation);
        var role = principals.OfSession(answer.Arn, answer.Account) ?? throw new RefusedProofException("unmapped");
        var principal = role.For(named, proof.SignedAt) ?? throw new RefusedProofException("tenant");
        if (!await used.TryUseAsync(proof.Signature, proof.ExpiresAt + KeptFor)) throw new RefusedProofException("replayed");
        return proof.IsFresh(time.GetUtcNow()) ? (role, new Caller(principal, proof.ExpiresAt + AwsProof.ClockSkew)) : throw new RefusedProofException("not_fresh");
    }

    private static TenantId TenantOf(string? header) => header is not null && IdFormat.IsValid(header) ? TenantId.Parse(header) : throw new RefusedProofException("tenant_header");
}

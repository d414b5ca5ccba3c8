using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace AgentRuntime.Testing;

/// <summary>A key that an issuer signs with, RS256 or ES256.</summary>
internal sealed class IssuerKey
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    private IssuerKey(string id, RSA? rsa, ECDsa? ec) => (Id, _rsa, _ec) = (id, rsa, ec);

    public string Id { get; }

    public string Algorithm => _rsa is null ? "ES256" : "RS256";

    public JsonObject Header => new() { ["alg"] = Algorithm, ["typ"] = "JWT", ["kid"] = Id };

    /// <summary>The public key as PEM and DER hold it: what those take for a shared secret who let a token choose its algorithm.</summary>
    public byte[] PublicInfo => _rsa?.ExportSubjectPublicKeyInfo() ?? _ec!.ExportSubjectPublicKeyInfo();

    public static IssuerKey Rsa(string id, int bits = 2_048) => new(id, RSA.Create(bits), null);

    public static IssuerKey Ec(string id) => new(id, null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static IssuerKey Of(string id, ECDsa key) => new(id, null, key);

    public string Sign(JsonObject claims) => Sign(Header, claims.ToJsonString());

    public string Sign(JsonObject header, string claims)
    {
        var body = $"{Base64UrlEncoder.Encode(header.ToJsonString())}.{Base64UrlEncoder.Encode(claims)}";
        var bytes = Encoding.ASCII.GetBytes(body);
        var signature = _rsa?.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ?? _ec!.SignData(bytes, HashAlgorithmName.SHA256);
        return $"{body}.{Base64UrlEncoder.Encode(signature)}";
    }

    /// <summary>The key as a key set holds it.</summary>
    public JsonObject Public()
    {
        if (_rsa?.ExportParameters(false) is { } rsa)
            return new JsonObject { ["kty"] = "RSA", ["kid"] = Id, ["use"] = "sig", ["alg"] = "RS256", ["n"] = Base64UrlEncoder.Encode(rsa.Modulus!), ["e"] = Base64UrlEncoder.Encode(rsa.Exponent!) };
        var point = _ec!.ExportParameters(false).Q;
        return new JsonObject { ["kty"] = "EC", ["kid"] = Id, ["crv"] = "P-256", ["x"] = Base64UrlEncoder.Encode(point.X!), ["y"] = Base64UrlEncoder.Encode(point.Y!) };
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CertOperator.Testing.Acme.Protocol;

/// <summary>A client's public key (RFC 7517, RFC 7518): EC on the three NIST curves, or RSA.</summary>
internal sealed class PublicJwk
{
    private static readonly JsonNode[] Algorithms = ["ES256", "ES384", "ES512", "RS256"];

    private static readonly Dictionary<string, (ECCurve Curve, int Size, string Algorithm)> Curves = new()
    {
        ["P-256"] = (ECCurve.NamedCurves.nistP256, 32, "ES256"),
        ["P-384"] = (ECCurve.NamedCurves.nistP384, 48, "ES384"),
        ["P-521"] = (ECCurve.NamedCurves.nistP521, 66, "ES512"),
    };

    private readonly string _algorithm;
    private readonly Func<byte[], byte[], bool> _verify;

    private PublicJwk(string canonical, byte[] keyInfo, string algorithm, Func<byte[], byte[], bool> verify)
    {
        Thumbprint = Base64.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        KeyInfo = keyInfo;
        _algorithm = algorithm;
        _verify = verify;
    }

    /// <summary>RFC 7638, base64url.</summary>
    public string Thumbprint { get; }

    /// <summary>SubjectPublicKeyInfo in DER.</summary>
    public byte[] KeyInfo { get; }

    public static PublicJwk Read(JsonObject jwk)
    {
        if (jwk.ContainsKey("d")) throw Refusal.Malformed("the jwk holds a private key");
        return jwk.Text("kty") switch
        {
            "EC" => ReadEc(jwk),
            "RSA" => ReadRsa(jwk),
            var other => throw Refusal.Of(400, "badPublicKey", $"the key type {other} is not supported"),
        };
    }

    public void Verify(string algorithm, byte[] input, byte[] signature)
    {
        if (!Algorithms.Any(known => (string?)known == algorithm))
        {
            throw Refusal.Of(400, "badSignatureAlgorithm", $"{algorithm} is not supported", new JsonObject
            {
                ["algorithms"] = new JsonArray([.. Algorithms.Select(a => a.DeepClone())]),
            });
        }

        if (algorithm != _algorithm) throw Refusal.Malformed($"{algorithm} does not suit the key, which signs by {_algorithm}");
        if (!_verify(input, signature)) throw Refusal.Malformed("the JWS signature does not verify");
    }

    private static PublicJwk ReadEc(JsonObject jwk)
    {
        var name = jwk.Text("crv");
        if (!Curves.TryGetValue(name, out var curve)) throw Refusal.Of(400, "badPublicKey", $"the curve {name} is not supported");
        var (x, y) = (Base64.Decode(jwk.Text("x"), "x"), Base64.Decode(jwk.Text("y"), "y"));
        if (x.Length != curve.Size || y.Length != curve.Size) throw Refusal.Malformed("a coordinate of the jwk does not have the field's size");
        using var key = Import(() => ECDsa.Create(new ECParameters { Curve = curve.Curve, Q = new ECPoint { X = x, Y = y } }));
        var keyInfo = key.ExportSubjectPublicKeyInfo();
        var hash = curve.Size switch { 32 => HashAlgorithmName.SHA256, 48 => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
        return new PublicJwk(
            $$"""{"crv":"{{name}}","kty":"EC","x":"{{jwk.Text("x")}}","y":"{{jwk.Text("y")}}"}""",
            keyInfo,
            curve.Algorithm,
            (input, signature) =>
            {
                using var verifier = ECDsa.Create();
                verifier.ImportSubjectPublicKeyInfo(keyInfo, out _);
                return signature.Length == 2 * curve.Size && verifier.VerifyData(input, signature, hash);
            });
    }

    private static PublicJwk ReadRsa(JsonObject jwk)
    {
        var (modulus, exponent) = (Base64.Decode(jwk.Text("n"), "n"), Base64.Decode(jwk.Text("e"), "e"));
        using var key = Import(() => RSA.Create(new RSAParameters { Modulus = modulus, Exponent = exponent }));
        if (key.KeySize is < 2048 or > 4096) throw Refusal.Of(400, "badPublicKey", $"an RSA key of {key.KeySize} bits is not accepted");
        var keyInfo = key.ExportSubjectPublicKeyInfo();
        return new PublicJwk(
            $$"""{"e":"{{jwk.Text("e")}}","kty":"RSA","n":"{{jwk.Text("n")}}"}""",
            keyInfo,
            "RS256",
            (input, signature) =>
            {
                using var verifier = RSA.Create();
                verifier.ImportSubjectPublicKeyInfo(keyInfo, out _);
                return verifier.VerifyData(input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            });
    }

    private static T Import<T>(Func<T> import)
    {
        try
        {
            return import();
        }
        catch (CryptographicException)
        {
            throw Refusal.Of(400, "badPublicKey", "the jwk is not a usable key");
        }
    }
}

using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Acme.Certificates;

/// <summary>Whether what a CA sent is what was ordered. That its root is trusted is for others to judge; the root need not be there.</summary>
internal static class ChainCheck
{
    /// <summary>Half a sentence, or null when all is well.</summary>
    public static string? Problem(AcmeChain chain, SigningRequestFacts wanted, DateTimeOffset now)
    {
        var certificates = chain.Certificates.Select(der => X509CertificateLoader.LoadCertificate(der.Span)).ToArray();
        try
        {
            return LeafProblem(certificates[0], wanted, now) ?? LinkProblem(certificates);
        }
        catch (Exception failure) when (failure is CryptographicException or AsnContentException)
        {
            return "part of it cannot be parsed";
        }
        finally
        {
            foreach (var certificate in certificates) certificate.Dispose();
        }
    }

    // More names than ordered do no harm to who holds the key, and some CAs add them; fewer do.
    private static string? LeafProblem(X509Certificate2 leaf, SigningRequestFacts wanted, DateTimeOffset now)
    {
        var facts = SigningRequestFacts.Read(leaf);
        if (!facts.PublicKeyInfo.Span.SequenceEqual(wanted.PublicKeyInfo.Span)) return "it is for another key";
        if (wanted.Names.FirstOrDefault(name => !facts.Names.Contains(name)) is { } missing) return $"it lacks the name {missing}";
        return leaf.NotAfter.ToUniversalTime() <= now.UtcDateTime ? "it has expired already" : null;
    }

    private static string? LinkProblem(X509Certificate2[] chain)
    {
        for (var i = 0; i + 1 < chain.Length; i++)
        {
            if (!chain[i].IssuerName.RawData.AsSpan().SequenceEqual(chain[i + 1].SubjectName.RawData) || !IsSignedBy(chain[i], chain[i + 1]))
                return $"certificate {i + 1} of its chain is not signed by the next one";
        }
        return null;
    }

    private static bool IsSignedBy(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        var parts = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        var signed = parts.ReadEncodedValue();
        _ = parts.ReadEncodedValue();
        var signature = parts.ReadBitString(out _);
        return certificate.SignatureAlgorithm.Value switch
        {
            "1.2.840.10045.4.3.2" => VerifyEcdsa(issuer, signed, signature, HashAlgorithmName.SHA256),
            "1.2.840.10045.4.3.3" => VerifyEcdsa(issuer, signed, signature, HashAlgorithmName.SHA384),
            "1.2.840.10045.4.3.4" => VerifyEcdsa(issuer, signed, signature, HashAlgorithmName.SHA512),
            "1.2.840.113549.1.1.11" => VerifyRsa(issuer, signed, signature, HashAlgorithmName.SHA256),
            "1.2.840.113549.1.1.12" => VerifyRsa(issuer, signed, signature, HashAlgorithmName.SHA384),
            "1.2.840.113549.1.1.13" => VerifyRsa(issuer, signed, signature, HashAlgorithmName.SHA512),
            _ => true, // A newer algorithm: whoever validates the chain to its root has to know it.
        };
    }

    private static bool VerifyEcdsa(X509Certificate2 issuer, ReadOnlyMemory<byte> signed, byte[] signature, HashAlgorithmName hash)
    {
        using var key = issuer.GetECDsaPublicKey();
        return key?.VerifyData(signed.Span, signature, hash, DSASignatureFormat.Rfc3279DerSequence) ?? false;
    }

    private static bool VerifyRsa(X509Certificate2 issuer, ReadOnlyMemory<byte> signed, byte[] signature, HashAlgorithmName hash)
    {
        using var key = issuer.GetRSAPublicKey();
        return key?.VerifyData(signed.Span, signature, hash, RSASignaturePadding.Pkcs1) ?? false;
    }
}

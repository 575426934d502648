using CertOperator.Acme.Renewal;
using CertOperator.Api;
using CertOperator.Pki;
using CertOperator.Pki.Chains;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Runtime.Objects;

namespace CertOperator.Secrets;

/// <summary>Turns a Secret into facts; the key material is read here and dropped here. Thread-safe.</summary>
internal sealed class SecretReader
{
    /// <summary>kubectl repeats a Secret's data in it.</summary>
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private readonly AnchorReader _anchors = new();

    public SecretFacts Read(Secret secret)
    {
        string? problem;
        CertificateFacts? certificate = null;
        try
        {
            problem = TryRead(secret, out certificate);
        }
        catch (PkiException unreadable)
        {
            problem = unreadable.Message;
        }

        return new SecretFacts
        {
            Metadata = WithoutData(secret.Metadata),
            Problem = problem,
            Certificate = certificate,
            Intact = DataHash.Matches(secret.Metadata.Annotations?.GetValueOrDefault(Labels.DataHash), secret.Data),
        };
    }

    private string? TryRead(Secret secret, out CertificateFacts? facts)
    {
        facts = null;
        if (Entry(secret, SecretEntries.Certificate) is not { } pem)
            return $"It has no {SecretEntries.Certificate}.";
        if (Entry(secret, SecretEntries.PrivateKey) is not { } keyPem)
            return $"It has no {SecretEntries.PrivateKey}.";

        IReadOnlyList<IssuedCertificate> certificates = Pem.ReadCertificates(pem);
        IReadOnlyList<IssuedCertificate> anchors = Entry(secret, SecretEntries.Ca) is { } ca ? _anchors.Read(ca) : [];
        using PrivateKey key = PrivateKey.ReadPem(keyPem);

        IssuedCertificate leaf = certificates[0];
        IssuedCertificate? signer = leaf.IsSelfSigned
            ? leaf
            : certificates.Skip(1).Concat(anchors).FirstOrDefault(leaf.IsSignedBy);
        IReadOnlyList<ChainFault> faults = Faults(certificates, anchors, key);
        facts = new CertificateFacts
        {
            Names = leaf.Names,
            Subject = leaf.Subject,
            SerialNumber = leaf.SerialNumber,
            Fingerprint = leaf.Fingerprint,
            RenewalId = CertificateId.TryCreate(leaf.Der.Span, out CertificateId? id) ? id.ToString() : null,
            NotBefore = leaf.NotBefore,
            NotAfter = leaf.NotAfter,
            KeyAlgorithm = key.Algorithm,
            KeySize = key.Size,
            KeyEncoding = keyPem.AsSpan().IndexOf("-----BEGIN PRIVATE KEY-----"u8) >= 0 ? KeyEncoding.Pkcs8 : KeyEncoding.Pkcs1,
            KeyUsages = leaf.KeyUsages,
            ExtendedKeyUsages = leaf.ExtendedKeyUsages,
            IsCa = leaf.IsCa,
            IsSelfSigned = leaf.IsSelfSigned,
            CaFingerprint = signer?.Fingerprint,
            Faults = faults,
            LacksIssuer = signer is null && certificates.Count == 1 && leaf.NamesIssuerSource,
            ChainNotAfter = certificates.Min(certificate => certificate.NotAfter),
        };
        return faults.Count > 0 ? faults[0].Message : null;
    }

    /// <summary>
    /// Time is no part of it: facts stay true while the clock runs, so the chain is judged at the start of the leaf's
    /// validity and whoever plans compares the dates.
    /// </summary>
    private static IReadOnlyList<ChainFault> Faults(IReadOnlyList<IssuedCertificate> certificates, IReadOnlyList<IssuedCertificate> anchors, PrivateKey key)
    {
        if (!certificates[0].HasSameKeyAs(key.PublicKeyInfo) && certificates.Any(certificate => certificate.HasSameKeyAs(key.PublicKeyInfo)))
            return [new(ChainProblemCode.OutOfOrder, $"The certificate of the private key is not the first in {SecretEntries.Certificate}.")];

        var requirements = new ChainRequirements { PublicKeyInfo = key.PublicKeyInfo, IsCa = certificates[0].IsCa, Anchors = anchors };
        ChainProblem[] problems =
        [
            .. ChainValidator.Validate(certificates, requirements, certificates[0].NotBefore)
                .Where(problem => problem.Code is not (ChainProblemCode.Expired or ChainProblemCode.NotYetValid)),
        ];
        return problems.Length == 0 ? [] : [.. problems.DistinctBy(problem => problem.Code).Select(problem => new ChainFault(problem.Code, problem.Message))];
    }

    private static byte[]? Entry(Secret secret, string name)
        => secret.Data?.GetValueOrDefault(name) is { Length: > 0 } bytes ? bytes : null;

    private static ObjectMeta WithoutData(ObjectMeta metadata)
        => metadata.Annotations?.ContainsKey(LastApplied) == true
            ? metadata with { Annotations = metadata.Annotations.Where(pair => pair.Key != LastApplied).ToDictionary() }
            : metadata;
}

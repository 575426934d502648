using CertOperator.Api;
using CertOperator.Pki;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Secrets;

namespace CertOperator.Cli.Inspect;

/// <summary>The key pair of a Secret. Pure.</summary>
internal static class SecretMaterial
{
    /// <param name="secret">As read.</param>
    /// <param name="anchors">What the chain must end in; null for the Secret's own <c>ca.crt</c>, if it has one.</param>
    public static Material Of(Secret secret, IReadOnlyList<IssuedCertificate>? anchors)
    {
        var findings = new List<Finding>();
        if (secret.SecretType != Secret.TlsType)
            findings.Add(new("WrongType", $"The Secret's type is {secret.SecretType ?? "not set"}: Ingress controllers want {Secret.TlsType}."));
        IReadOnlyList<IssuedCertificate> certificates = Read(secret, SecretEntries.Certificate, Pem.ReadCertificates, findings) ?? [];
        PrivateKey? key = Read(secret, SecretEntries.PrivateKey, PrivateKey.ReadPem, findings);
        bool hasCa = secret.Data?.ContainsKey(SecretEntries.Ca) == true;
        IReadOnlyList<IssuedCertificate>? own = hasCa ? Read(secret, SecretEntries.Ca, Pem.ReadCertificates, findings) : null;
        return new Material
        {
            Source = secret.ToString(),
            Certificates = certificates,
            Key = key,
            Anchors = anchors ?? own,
            AnchorsFrom = anchors is null ? "its ca.crt" : "the CA given",
            Facts = [.. FactsOf(secret)],
            Findings = findings,
        };
    }

    private static IEnumerable<Fact> FactsOf(Secret secret)
    {
        if (secret.Metadata.Labels?.GetValueOrDefault(Labels.Certificate) is { } certificate)
            yield return new Fact("Certificate", certificate);
        if (secret.Metadata.Annotations?.GetValueOrDefault(Labels.Issuer) is { } issuer)
            yield return new Fact("Issuer", issuer);
        if (secret.Data is { Count: > 0 } data)
            yield return new Fact("Entries", string.Join(", ", data.Keys.Order(StringComparer.Ordinal)));
    }

    private static T? Read<T>(Secret secret, string entry, ReadEntry<T> read, List<Finding> findings) where T : class
    {
        if (secret.Data?.GetValueOrDefault(entry) is not { Length: > 0 } bytes)
        {
            findings.Add(new("EntryMissing", $"The Secret has no {entry}."));
            return null;
        }

        try
        {
            return read(bytes);
        }
        catch (PkiException unreadable)
        {
            findings.Add(new("EntryUnreadable", $"The Secret's {entry} cannot be used: {unreadable.Message}"));
            return null;
        }
    }

    private delegate T ReadEntry<out T>(ReadOnlySpan<byte> pem);
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CertOperator.Api;
using CertOperator.Pki;
using CertOperator.Pki.Chains;
using CertOperator.Pki.Formats;
using CertOperator.Pki.Keys;
using CertOperator.Runtime.Objects;

namespace CertOperator.Secrets;

/// <summary>What goes into a Secret, beside what the spec says of it.</summary>
/// <param name="Key">The private key.</param>
/// <param name="Chain">The verified chain.</param>
/// <param name="Issuer">Who signed.</param>
/// <param name="SpecHash">The request that the certificate answers.</param>
/// <param name="Place">Where it stands among the issuances.</param>
internal sealed record KeyPair(PrivateKey Key, CertificateChain Chain, IssuerRef Issuer, string SpecHash, PairPlace Place);

/// <summary>Where a key pair stands among the issuances of its Certificate.</summary>
/// <param name="Revision">Which of them it is of, from 1; 0 for one that was adopted.</param>
/// <param name="RolledBack">When it was put back in the place of a later one; null if it was not.</param>
internal sealed record PairPlace(int Revision, DateTimeOffset? RolledBack = null);

/// <summary>The one place that knows how a TLS Secret is laid out.</summary>
internal static class TlsSecret
{
    private const int MaxRevision = 1_000_000_000;

    /// <summary>The Secret as it is to be applied: every field that the operator owns, and no other.</summary>
    public static Secret Build(Certificate certificate, DesiredCertificate desired, KeyPair pair, KeystorePasswords passwords)
    {
        CertificateSpec spec = certificate.Spec!;
        Dictionary<string, byte[]> data = Entries(spec, desired, pair, passwords);
        string? ca = (pair.Chain.Intermediates.Count > 0 ? pair.Chain.Intermediates[0] : pair.Chain.Anchor)?.Fingerprint;

        var annotations = new Dictionary<string, string>(spec.SecretTemplate?.Annotations ?? new Dictionary<string, string>())
        {
            [Labels.Issuer] = pair.Issuer.ToString(),
            [Labels.SpecHash] = pair.SpecHash,
            [Labels.OutputsHash] = OutputsHash(spec, passwords),
            [Labels.DataHash] = DataHash.Of(data),
            [Labels.Revision] = pair.Place.Revision.ToString(CultureInfo.InvariantCulture),
        };
        if (ca is not null)
            annotations[Labels.CaFingerprint] = ca;
        if (pair.Place.RolledBack is { } at)
            annotations[Labels.RolledBack] = KubeTimeConverter.Format(at);

        return new Secret
        {
            Metadata = new ObjectMeta
            {
                Name = spec.SecretName,
                Namespace = certificate.Metadata.Namespace,
                Labels = new Dictionary<string, string>(spec.SecretTemplate?.Labels ?? new Dictionary<string, string>())
                {
                    [Labels.ManagedBy] = Labels.ManagedByValue,
                    [Labels.Certificate] = LabelValue(certificate.Metadata.Name ?? ""),
                },
                Annotations = annotations,
                OwnerReferences = spec.SecretDeletionPolicy == "Delete" ? [Owners.Reference(certificate)] : null,
            },
            SecretType = Secret.TlsType,
            Data = data,
        };
    }

    /// <summary>
    /// Names how the key pair is to be presented: template, keystores, formats, deletion policy. When it changes, the
    /// Secret is written again without a new certificate.
    /// </summary>
    public static string OutputsHash(CertificateSpec spec, KeystorePasswords passwords)
    {
        var outputs = new CertificateSpec
        {
            SecretName = passwords.Version,
            IssuerRef = new IssuerRef { Name = "" },
            SecretTemplate = spec.SecretTemplate,
            Keystores = spec.Keystores is { } stores ? WithoutPasswords(stores) : null,
            AdditionalOutputFormats = spec.AdditionalOutputFormats,
            SecretDeletionPolicy = spec.SecretDeletionPolicy,
        };
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(outputs, ApiJson.Default.CertificateSpec);
        return Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 8));
    }

    /// <summary>The revision that a text names, if it is a sensible one: what is read may have been written by anybody.</summary>
    public static bool TryReadRevision(string? text, out int revision)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out revision) && revision < MaxRevision;

    /// <summary>A label value holds 63 characters, an object name up to 253: a longer one is cut and made unique by a hash.</summary>
    public static string LabelValue(string name)
        => name.Length <= 63 ? name : $"{name[..46].TrimEnd('-', '.')}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8))}";

    private static Dictionary<string, byte[]> Entries(CertificateSpec spec, DesiredCertificate desired, KeyPair pair, KeystorePasswords passwords)
    {
        byte[] chain = pair.Chain.ToPem();
        byte[] key = pair.Key.ToPem(desired.KeyEncoding);
        IReadOnlyList<IssuedCertificate> anchors = pair.Chain.Anchor is { } anchor ? [anchor] : [];
        var data = new Dictionary<string, byte[]>
        {
            [SecretEntries.Certificate] = chain,
            [SecretEntries.PrivateKey] = key,
        };
        if (anchors.Count > 0)
            data[SecretEntries.Ca] = Pem.Write(anchors);

        foreach (OutputFormatSpec format in spec.AdditionalOutputFormats ?? [])
        {
            if (format.Type == "DER")
                data[SecretEntries.KeyDer] = pair.Key.ToPkcs8();
            else
                data[SecretEntries.CombinedPem] = [.. key, .. chain];
        }

        if (spec.Keystores?.Pkcs12 is { Create: true } pkcs12 && passwords.Pkcs12 is { } pkcs12Password)
        {
            data[SecretEntries.Pkcs12Keystore] = Pkcs12.Create(pair.Chain, pair.Key, pkcs12Password, "certificate", Profile(pkcs12.Profile));
            if (anchors.Count > 0)
                data[SecretEntries.Pkcs12Truststore] = Pkcs12.CreateTrustStore(anchors, pkcs12Password, Profile(pkcs12.Profile));
        }

        if (spec.Keystores?.Jks is { Create: true } jks && passwords.Jks is { } jksPassword)
        {
            data[SecretEntries.JksKeystore] = Jks.Create(pair.Chain, pair.Key, jksPassword, jks.Alias ?? "certificate");
            if (anchors.Count > 0)
                data[SecretEntries.JksTruststore] = Jks.CreateTrustStore(anchors, jksPassword);
        }

        return data;
    }

    private static Pkcs12Profile Profile(string? name) => name switch
    {
        "LegacyRC2" => Pkcs12Profile.LegacyRC2,
        "LegacyDES" => Pkcs12Profile.LegacyDES,
        _ => Pkcs12Profile.Modern2023,
    };

    /// <summary>A hash of a password could be guessed back; the version of the passwords stands in for it.</summary>
    private static KeystoresSpec WithoutPasswords(KeystoresSpec stores) => new()
    {
        Jks = stores.Jks is { } jks ? jks with { Password = null } : null,
        Pkcs12 = stores.Pkcs12 is { } pkcs12 ? pkcs12 with { Password = null } : null,
    };
}

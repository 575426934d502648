using System.ComponentModel;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Schema;

namespace CertOperator.Api;

/// <summary>Spec of a Certificate. Field names and meanings are those that cert-manager's users know.</summary>
[KubeRule("!(has(self.renewBefore) && has(self.renewBeforePercentage))", Sentences.RenewBeforeTwice)]
[KubeRule("!has(self.renewBeforePercentage) || (self.renewBeforePercentage >= 1 && self.renewBeforePercentage <= 99)", Sentences.Percentage)]
[KubeRule("!has(self.renewBefore) || duration(self.renewBefore) < duration(has(self.duration) ? self.duration : '2160h')", Sentences.RenewedForEver)]
[KubeRule("!has(self.literalSubject) || !(has(self.commonName) || has(self.subject))", Sentences.LiteralSubject)]
[KubeRule("!has(self.nameConstraints) || !(has(self.nameConstraints.permitted) || has(self.nameConstraints.excluded)) || (has(self.isCA) && self.isCA)", Sentences.ConstrainedLeaf)]
[KubeRule("!has(self.history) || (self.history >= 0 && self.history <= 5)", Sentences.History)]
internal sealed record CertificateSpec
{
    [Description("Name of the Secret of type kubernetes.io/tls, in the same namespace, that holds key and chain.")]
    [KubeLength(253, Min = 1)]
    public required string SecretName { get; init; }

    [Description("The issuer that signs.")]
    public required IssuerRef IssuerRef { get; init; }

    [Description("Issuers tried in order when the first is not ready, or refuses for a reason of its own; the first is returned to at the next renewal.")]
    [KubeItems(8)]
    public IReadOnlyList<IssuerRef>? FallbackIssuerRefs { get; init; }

    [Description("Profile to order from an ACME issuer, as the server's directory names them; the issuer's if absent.")]
    [KubeLength(128)]
    public string? Profile { get; init; }

    [Description("Subject common name, at most 64 characters. Excludes literalSubject.")]
    public string? CommonName { get; init; }

    [Description("Further parts of the subject. Excludes literalSubject.")]
    public SubjectSpec? Subject { get; init; }

    [Description("The whole subject as an RFC 4514 string, for example CN=web,O=Acme,DC=example,DC=com.")]
    public string? LiteralSubject { get; init; }

    [Description("DNS names, wildcards as the whole leftmost label.")]
    [KubeItems(1000)]
    public IReadOnlyList<string>? DnsNames { get; init; }

    [Description("IPv4 and IPv6 addresses.")]
    [KubeItems(1000)]
    public IReadOnlyList<string>? IpAddresses { get; init; }

    [Description("URIs, for example spiffe://cluster.local/ns/shop/sa/web.")]
    [KubeItems(1000)]
    public IReadOnlyList<string>? Uris { get; init; }

    [Description("E-mail addresses (rfc822Name).")]
    [KubeItems(1000)]
    public IReadOnlyList<string>? EmailAddresses { get; init; }

    [Description("Other names with a UTF-8 string value.")]
    public IReadOnlyList<OtherNameSpec>? OtherNames { get; init; }

    [Description("Lifetime asked of the issuer, as a Go duration; 2160h (90 days) if absent.")]
    [KubePattern(GoDuration.Pattern)]
    public string? Duration { get; init; }

    [Description("How long before notAfter to renew, as a Go duration. Excludes renewBeforePercentage.")]
    [KubePattern(GoDuration.Pattern)]
    public string? RenewBefore { get; init; }

    [Description("Percentage of the lifetime that is left when it is renewed, 1 to 99. Excludes renewBefore.")]
    public int? RenewBeforePercentage { get; init; }

    [Description("When renewals may happen.")]
    public RenewalSpec? Renewal { get; init; }

    [Description("Whether the certificate may sign others.")]
    public bool? IsCA { get; init; }

    [Description("Key usages and extended key usages; digital signature and server auth if absent (and key encipherment for RSA).")]
    public IReadOnlyList<string>? Usages { get; init; }

    [Description("Names that a CA certificate may and may not sign for. Needs isCA.")]
    public NameConstraintsSpec? NameConstraints { get; init; }

    [Description("The private key; ECDSA P-256 in PKCS#8 if absent.")]
    public PrivateKeySpec? PrivateKey { get; init; }

    [Description("Labels and annotations of the Secret.")]
    public SecretTemplateSpec? SecretTemplate { get; init; }

    [Description("Java and PKCS#12 keystores to keep in the Secret.")]
    public KeystoresSpec? Keystores { get; init; }

    [Description("Further formats of the key pair to keep in the Secret.")]
    public IReadOnlyList<OutputFormatSpec>? AdditionalOutputFormats { get; init; }

    [Description("What becomes of the Secret when the Certificate is deleted; Retain if absent.")]
    [KubeEnum("Retain", "Delete")]
    public string? SecretDeletionPolicy { get; init; }

    [Description("How many former key pairs to keep in the Secret <secretName>-history for a rollback, 0 to 5; 0 if absent.")]
    public int? History { get; init; }

    [Description("Workloads of the namespace to restart after the key pair was replaced, by an annotation of their pods; needs --rollouts.")]
    [KubeItems(16)]
    public IReadOnlyList<RolloutSpec>? Rollout { get; init; }
}

internal sealed record RolloutSpec
{
    [Description("Deployment, StatefulSet or DaemonSet")]
    [KubeEnum("Deployment", "StatefulSet", "DaemonSet")]
    public required string Kind { get; init; }

    [Description("Its name.")]
    [KubeLength(253, Min = 1)]
    public required string Name { get; init; }

    /// <summary><c>Kind/name</c>, as messages name it.</summary>
    public override string ToString() => $"{Kind}/{Name}";
}

/// <summary>Names an Issuer in the same namespace, or a ClusterIssuer.</summary>
internal sealed record IssuerRef
{
    [Description("Name of the issuer.")]
    public required string Name { get; init; }

    [Description("Issuer (the default) or ClusterIssuer.")]
    [KubeEnum("Issuer", "ClusterIssuer")]
    public string? Kind { get; init; }

    [Description("API group of the issuer; this operator's own if absent.")]
    public string? Group { get; init; }

    /// <summary>The key of the issuer that a Certificate of a namespace means.</summary>
    public ObjectKey Key(string certificateNamespace)
        => Kind == ClusterIssuer.Type.Kind ? ObjectKey.Cluster(Name) : new ObjectKey(certificateNamespace, Name);

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else.</summary>
    public static IssuerRef? Parse(string? text) => text?.Split('/') is [var kind, { Length: > 0 } name] && (kind == Issuer.Type.Kind || kind == ClusterIssuer.Type.Kind)
        ? new IssuerRef { Kind = kind, Name = name }
        : null;

    /// <summary><c>Kind/name</c>, as messages and annotations name it.</summary>
    public override string ToString() => $"{Kind ?? Issuer.Type.Kind}/{Name}";
}

internal sealed record RenewalSpec
{
    [Description("Maintenance windows: a renewal waits for the next one, but not beyond a tenth of the lifetime left (a quarter, if it is under ten days). At any time if absent.")]
    [KubeItems(10)]
    public IReadOnlyList<RenewalWindowSpec>? Windows { get; init; }
}

internal sealed record RenewalWindowSpec
{
    [Description("When it opens: minute, hour, day of the month, month and day of the week, for example 0 2 * * sat.")]
    [KubeLength(100, Min = 1)]
    public required string Cron { get; init; }

    [Description("By which clocks, for example Europe/Berlin; UTC if absent.")]
    [KubeLength(64, Min = 1)]
    public string? Timezone { get; init; }

    [Description("How long it is open, as a Go duration.")]
    [KubePattern(GoDuration.Pattern)]
    public required string WindowDuration { get; init; }
}

internal sealed record SubjectSpec
{
    [Description("O")]
    public IReadOnlyList<string>? Organizations { get; init; }

    [Description("OU")]
    public IReadOnlyList<string>? OrganizationalUnits { get; init; }

    [Description("C, two letters each")]
    public IReadOnlyList<string>? Countries { get; init; }

    [Description("L")]
    public IReadOnlyList<string>? Localities { get; init; }

    [Description("ST")]
    public IReadOnlyList<string>? Provinces { get; init; }

    [Description("STREET")]
    public IReadOnlyList<string>? StreetAddresses { get; init; }

    [Description("postalCode")]
    public IReadOnlyList<string>? PostalCodes { get; init; }

    [Description("serialNumber of the subject (not of the certificate)")]
    public string? SerialNumber { get; init; }
}

internal sealed record OtherNameSpec
{
    [Description("Object identifier of the name's type, for example 1.3.6.1.4.1.311.20.2.3 (UPN).")]
    public required string Oid { get; init; }

    [Description("Its value, a UTF-8 string.")]
    public required string Utf8Value { get; init; }
}

internal sealed record NameConstraintsSpec
{
    [Description("Whether a client that does not know the extension must reject the certificate.")]
    public bool? Critical { get; init; }

    [Description("Names below these only.")]
    public NameSubtreesSpec? Permitted { get; init; }

    [Description("No names below these.")]
    public NameSubtreesSpec? Excluded { get; init; }
}

internal sealed record NameSubtreesSpec
{
    [Description("Domains.")]
    public IReadOnlyList<string>? DnsDomains { get; init; }

    [Description("Networks in CIDR notation.")]
    public IReadOnlyList<string>? IpRanges { get; init; }

    [Description("E-mail addresses or domains.")]
    public IReadOnlyList<string>? EmailAddresses { get; init; }

    [Description("Domains of URIs.")]
    public IReadOnlyList<string>? UriDomains { get; init; }
}

[KubeRule("!has(self.size) || !has(self.algorithm) || self.algorithm != 'RSA' || (self.size >= 2048 && self.size <= 8192)", Sentences.RsaSize)]
[KubeRule("!has(self.size) || (has(self.algorithm) && self.algorithm != 'ECDSA') || self.size in [256, 384, 521]", Sentences.EcdsaSize)]
internal sealed record PrivateKeySpec
{
    [Description("ECDSA (the default), RSA or Ed25519.")]
    [KubeEnum("ECDSA", "RSA", "Ed25519")]
    public string? Algorithm { get; init; }

    [Description("RSA: 2048 to 8192 bits, 2048 if absent. ECDSA: 256, 384 or 521, 256 if absent. Ignored for Ed25519.")]
    public int? Size { get; init; }

    [Description("PKCS8 (the default) or PKCS1 (SEC1 for ECDSA).")]
    [KubeEnum("PKCS8", "PKCS1")]
    public string? Encoding { get; init; }

    [Description("Always (the default): a new key at each issuance. Never: the stored key is used again if it fits.")]
    [KubeEnum("Always", "Never")]
    public string? RotationPolicy { get; init; }
}

internal sealed record SecretTemplateSpec
{
    [Description("Labels to add.")]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [Description("Annotations to add.")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }
}

internal sealed record KeystoresSpec
{
    [Description("keystore.jks and truststore.jks")]
    public JksSpec? Jks { get; init; }

    [Description("keystore.p12 and truststore.p12")]
    public Pkcs12Spec? Pkcs12 { get; init; }
}

[KubeRule("!(has(self.create) && self.create) || (has(self.password) && self.password != '') != has(self.passwordSecretRef)", Sentences.JksPassword)]
internal sealed record JksSpec
{
    [Description("Whether to keep this keystore; false if absent.")]
    public bool? Create { get; init; }

    [Description("Alias of the entry; certificate if absent.")]
    public string? Alias { get; init; }

    [Description("Secret that holds the password, in the same namespace. The key of its data is password if not named.")]
    public SecretKeyRef? PasswordSecretRef { get; init; }

    [Description("The password itself; prefer passwordSecretRef.")]
    public string? Password { get; init; }
}

[KubeRule("!(has(self.create) && self.create) || (has(self.password) && self.password != '') != has(self.passwordSecretRef)", Sentences.Pkcs12Password)]
internal sealed record Pkcs12Spec
{
    [Description("Whether to keep this keystore; false if absent.")]
    public bool? Create { get; init; }

    [Description("LegacyRC2, LegacyDES or Modern2023 (the default).")]
    [KubeEnum("Modern2023", "LegacyDES", "LegacyRC2")]
    public string? Profile { get; init; }

    [Description("Secret that holds the password, in the same namespace. The key of its data is password if not named.")]
    public SecretKeyRef? PasswordSecretRef { get; init; }

    [Description("The password itself; prefer passwordSecretRef.")]
    public string? Password { get; init; }
}

internal sealed record SecretKeyRef
{
    [Description("Name of the Secret.")]
    public required string Name { get; init; }

    [Description("Key of its data.")]
    public string? Key { get; init; }
}

internal sealed record OutputFormatSpec
{
    [Description("DER (key.der) or CombinedPEM (tls-combined.pem: key, then chain).")]
    [KubeEnum("DER", "CombinedPEM")]
    public required string Type { get; init; }
}

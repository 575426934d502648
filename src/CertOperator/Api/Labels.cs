namespace CertOperator.Api;

/// <summary>Labels and annotations that the operator puts on Secrets and Certificates.</summary>
internal static class Labels
{
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string ManagedByValue = "cert-operator";

    /// <summary>Label: the Certificate that a Secret belongs to.</summary>
    public static readonly string Certificate = ApiGroup.Prefixed("certificate");

    /// <summary>Label: the challenge type that an Ingress, Service or HTTPRoute is there for.</summary>
    public static readonly string Solver = ApiGroup.Prefixed("solver");

    /// <summary>Annotation: the issuer that signed, as <c>Kind/name</c>.</summary>
    public static readonly string Issuer = ApiGroup.Prefixed("issuer");

    /// <summary>Annotation: SHA-256 of the certificate that signed the leaf.</summary>
    public static readonly string CaFingerprint = ApiGroup.Prefixed("ca-fingerprint");

    /// <summary>Annotation: hash of the request that the stored certificate answers.</summary>
    public static readonly string SpecHash = ApiGroup.Prefixed("spec-hash");

    /// <summary>Annotation: hash of the data entries as the operator wrote them; tells an edit by somebody else.</summary>
    public static readonly string DataHash = ApiGroup.Prefixed("data-hash");

    /// <summary>Annotation: which issuance of its Certificate the stored key pair is of.</summary>
    public static readonly string Revision = ApiGroup.Prefixed("revision");

    /// <summary>Annotation: the issuances whose key pairs a Secret with former ones holds, as <c>5,3</c>.</summary>
    public static readonly string Revisions = ApiGroup.Prefixed("revisions");

    /// <summary>Annotation: when the stored key pair was put back in the place of a later one.</summary>
    public static readonly string RolledBack = ApiGroup.Prefixed("rolled-back");

    /// <summary>Annotation: which keystores and formats were made of it, and from which password versions.</summary>
    public static readonly string OutputsHash = ApiGroup.Prefixed("outputs-hash");
}

using CertOperator.Runtime.Objects;

namespace CertOperator.Api;

/// <summary>Annotations that users set.</summary>
internal static class Annotations
{
    public static readonly string Issuer = ApiGroup.Prefixed("issuer");
    public static readonly string ClusterIssuer = ApiGroup.Prefixed("cluster-issuer");
    public static readonly string Ignore = ApiGroup.Prefixed("ignore");
    public static readonly string SecretName = ApiGroup.Prefixed("secret-name");

    /// <summary>On a Certificate: each new value has a failed issuance tried again at once.</summary>
    public static readonly string RetryNow = ApiGroup.Prefixed("retry-now");

    /// <summary>On a Certificate: the revision to put back, and after a space whatever makes the request a new one.</summary>
    public static readonly string Rollback = ApiGroup.Prefixed("rollback");

    /// <summary>On a Certificate: each new value has a new certificate issued, however good the stored one is.</summary>
    public static readonly string Renew = ApiGroup.Prefixed("renew");

    /// <summary>On an issuer: each new value gives its ACME account a new key.</summary>
    public static readonly string RolloverAccountKey = ApiGroup.Prefixed("rollover-account-key");

    /// <summary>The older, common annotation: a certificate from the default issuer.</summary>
    public const string TlsAcme = "kubernetes.io/tls-acme";

    /// <summary>The older way of naming an Ingress's class.</summary>
    public const string IngressClass = "kubernetes.io/ingress.class";

    public const string True = "true";

    /// <summary>Its author wants the operator to leave it alone.</summary>
    public static bool IsIgnored(ObjectMeta metadata) => Value(metadata, Ignore) == True;

    /// <summary>The trimmed value; null if absent or empty.</summary>
    public static string? Value(ObjectMeta metadata, string name)
        => metadata.Annotations?.GetValueOrDefault(name)?.Trim() is { Length: > 0 } value ? value : null;
}

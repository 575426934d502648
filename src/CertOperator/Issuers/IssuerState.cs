using CertOperator.Api;

namespace CertOperator.Issuers;

/// <summary>What planning needs to know of an issuer.</summary>
/// <param name="Ref">As the Certificate names it.</param>
/// <param name="Object">The Issuer or ClusterIssuer; null if there is none.</param>
/// <param name="Reason">CamelCase word for why it is not ready; empty if it is.</param>
/// <param name="Message">One sentence for why it is not ready; empty if it is.</param>
internal sealed record IssuerState(IssuerRef Ref, IIssuerObject? Object, string Reason, string Message)
{
    /// <summary>Reason: the issuer is new or was changed just now, which is nobody's fault and soon over.</summary>
    public const string NotChecked = "IssuerNotChecked";

    /// <summary>It did not fail this Certificate, or everybody, of late for a reason of its own.</summary>
    public bool IsWell { get; init; } = true;

    /// <summary>It may be ready then though no watch tells of it.</summary>
    public TimeSpan? LookAgainAfter { get; init; }

    public bool Ready => Reason.Length == 0;

    /// <summary>A public CA by ACME: it chooses subject and lifetime itself, and its root is not known here.</summary>
    public bool IsAcme => Object?.Spec?.Acme is not null;

    /// <summary>
    /// Whether a certificate is refused for the want of a usage that was asked for. A public CA decides on its usages itself; without
    /// that of a server nobody could use it.
    /// </summary>
    public bool IsBoundBy(string usage) => !IsAcme || usage == "server auth";

    /// <summary>The member of its spec that says who signs.</summary>
    public string Type => Object?.Spec switch
    {
        { Acme: not null } => "acme",
        { SelfSigned: not null } => "selfSigned",
        _ => "ca",
    };

    /// <summary>Each certificate is its own anchor.</summary>
    public bool SelfSigned => Object?.Spec?.SelfSigned is not null;

    /// <summary>The CA that signs now; null for issuers without one, and while it is not known.</summary>
    public CaStatus? Ca => Object?.Status?.Ca;

    /// <summary>Changes with whatever of the issuer may make a request succeed that failed before.</summary>
    public string Version => $"{Object?.Metadata.Uid}/{Object?.Metadata.Generation}/{Ca?.Fingerprint ?? Object?.Status?.Acme?.Uri}";
}

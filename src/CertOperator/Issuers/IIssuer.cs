using CertOperator.Pki;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;
using CertOperator.Runtime.Client;

namespace CertOperator.Issuers;

/// <summary>One way of having a certificate signed.</summary>
internal interface IIssuer
{
    /// <summary>
    /// Takes the issuance one step further and returns at once: an issuer never sleeps or polls. What goes wrong for a
    /// reason that the user can mend is a <see cref="IssuanceStep.Failed"/>, not an exception.
    /// </summary>
    Task<IssuanceStep> AdvanceAsync(Issuance issuance, CancellationToken cancel);
}

/// <summary>One certificate being made.</summary>
/// <param name="Certificate">For whom.</param>
/// <param name="Profile">What it is to say.</param>
/// <param name="Key">Its key pair.</param>
/// <param name="Duration">The lifetime asked for; the issuer may give less.</param>
internal sealed record Issuance(ObjectKey Certificate, CertificateProfile Profile, PrivateKey Key, TimeSpan Duration);

/// <summary>Where an issuance stands after a step.</summary>
internal abstract record IssuanceStep
{
    private IssuanceStep()
    {
    }

    /// <summary>Signed. What came back is not trusted before it is verified.</summary>
    /// <param name="Certificates">The leaf and whatever else the issuer sent, in any order.</param>
    /// <param name="Anchors">The certificates up to which the chain must verify.</param>
    internal sealed record Issued(IReadOnlyList<IssuedCertificate> Certificates, IReadOnlyList<IssuedCertificate> Anchors) : IssuanceStep;

    /// <summary>Refused or failed.</summary>
    /// <param name="Reason">CamelCase word for machines.</param>
    /// <param name="Message">What happened, whose fault it is, what to do next.</param>
    internal sealed record Failed(string Reason, string Message) : IssuanceStep;
}

using CertOperator.Api;
using CertOperator.Challenges;
using CertOperator.Pki;
using CertOperator.Pki.Keys;
using CertOperator.Secrets;

namespace CertOperator.Issuers;

/// <summary>One way of having a certificate signed.</summary>
internal interface IIssuer
{
    /// <summary>Whether an issuance may outlive this process. Its key is then stored before it is used.</summary>
    bool OutlivesProcess { get; }

    /// <summary>
    /// Takes the issuance one step further and returns at once: an issuer never sleeps or polls. What goes wrong for a
    /// reason that the user can mend is a <see cref="IssuanceStep.Failed"/>, not an exception.
    /// </summary>
    Task<IssuanceStep> AdvanceAsync(Issuance issuance, CancellationToken cancel);
}

/// <summary>One certificate being made.</summary>
internal sealed record Issuance
{
    /// <summary>Identifier of the attempt; the same from its begin to its end.</summary>
    public required string Id { get; init; }

    /// <summary>When the attempt began.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>For whom.</summary>
    public required Certificate Certificate { get; init; }

    /// <summary>What it is to say, and the lifetime asked for; the issuer may give less.</summary>
    public required DesiredCertificate Desired { get; init; }

    /// <summary>Gives its key pair, the same each time; makes it, and stores it if need be, when it is asked for first.</summary>
    public required Func<CancellationToken, ValueTask<PrivateKey>> Key { get; init; }

    /// <summary>What the former step left in status; null at the beginning.</summary>
    public IssuanceStatus? UnderWay { get; init; }

    /// <summary>The certificate that is stored now.</summary>
    public CertificateFacts? Stored { get; init; }

    /// <summary>The stored certificate if this issuer signed it for the same names: the new one replaces it.</summary>
    public CertificateFacts? Replaces { get; init; }
}

/// <summary>Where an issuance stands after a step.</summary>
internal abstract record IssuanceStep
{
    private IssuanceStep()
    {
    }

    /// <summary>Signed. What came back is not trusted before it is verified.</summary>
    /// <param name="Certificates">The leaf and whatever else the issuer sent, in any order.</param>
    /// <param name="Anchors">The certificates up to which the chain must verify; none for a public CA.</param>
    internal sealed record Issued(IReadOnlyList<IssuedCertificate> Certificates, IReadOnlyList<IssuedCertificate> Anchors) : IssuanceStep
    {
        /// <summary>What of the issuer's settings could not be met, one sentence; null if nothing.</summary>
        public string? Advice { get; init; }

        /// <summary>When what the names were validated by ends first; null if it is made anew each time.</summary>
        public Lapse? Lapse { get; init; }
    }

    /// <summary>It takes time. Store the state, then take the next step, not before a time.</summary>
    /// <param name="State">To be stored before the next step; null if nothing is under way yet.</param>
    /// <param name="Until">When to take the next step.</param>
    /// <param name="Reason">CamelCase word for machines.</param>
    /// <param name="Why">What is waited for, one sentence.</param>
    /// <param name="Names">How far each name is; null if there is nothing to say.</param>
    internal sealed record Pending(IssuanceStatus? State, DateTimeOffset Until, string Reason, string Why, IReadOnlyList<NameStatus>? Names = null) : IssuanceStep;

    /// <summary>Refused or failed: whatever was under way is over.</summary>
    /// <param name="Reason">CamelCase word for machines.</param>
    /// <param name="Message">What happened, whose fault it is, what to do next.</param>
    internal sealed record Failed(string Reason, string Message) : IssuanceStep
    {
        /// <summary>The issuer asks to be left alone until then.</summary>
        public DateTimeOffset? NotBefore { get; init; }

        /// <summary>The same request will fail again until somebody changes something.</summary>
        public bool IsLasting { get; init; }

        /// <summary>It is not the request's fault: another issuer may do better.</summary>
        public bool IsOfIssuer { get; init; }

        /// <summary>What was found for each name; null if it is not about names.</summary>
        public IReadOnlyList<NameStatus>? Names { get; init; }
    }
}

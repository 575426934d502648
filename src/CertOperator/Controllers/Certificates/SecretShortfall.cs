using CertOperator.Api;
using CertOperator.Issuers;
using CertOperator.Pki.Keys;
using CertOperator.Pki.Requests;
using CertOperator.Secrets;

namespace CertOperator.Controllers.Certificates;

/// <summary>Why the stored key pair does not satisfy the spec.</summary>
/// <param name="Reason">CamelCase word for machines.</param>
/// <param name="Message">One sentence for people.</param>
internal sealed record SecretShortfall(string Reason, string Message)
{
    /// <summary>The first thing that is wrong with what is stored; null if it satisfies the spec at this moment. Pure.</summary>
    /// <param name="situation">What it is held against.</param>
    /// <param name="place">Where it is stored, for people; the Certificate's Secret if null.</param>
    public static SecretShortfall? Find(Situation situation, string? place = null)
    {
        string name = place ?? situation.SecretName;
        if (situation.Secret is not { } secret)
            return new("SecretMissing", $"The Secret {name} does not exist.");
        if (secret.Problem is { } problem || secret.Certificate is not { } stored)
            return new("SecretUnusable", $"The Secret {name} holds no usable key pair: {secret.Problem}");
        return FromContent(situation, secret, stored, name)
            ?? FromRequest(situation, secret, name)
            ?? FromIssuer(situation.Signer, stored, name)
            ?? FromDates(stored, situation.Now, name);
    }

    /// <summary>Usages that the spec asks for and the stored certificate does not have.</summary>
    public static IReadOnlyList<string> MissingUsages(DesiredCertificate desired, CertificateFacts stored)
        => [.. desired.Profile.Usages.Where(usage => !Allows(stored, usage))];

    private static SecretShortfall? FromContent(Situation situation, SecretFacts secret, CertificateFacts stored, string name)
    {
        DesiredCertificate desired = situation.Desired!;
        IssuerState signer = situation.Signer;
        // Some public CAs add names; which names were asked for, the hash of the request tells.
        bool mayHaveMore = signer.IsAcme && secret.Annotation(Labels.SpecHash) is not null;
        if (stored.KeyAlgorithm != desired.KeyAlgorithm || (stored.KeyAlgorithm != KeyAlgorithm.Ed25519 && stored.KeySize != desired.KeySize))
            return new("KeyDiffers", $"The Secret {name} holds a key of type {Key(stored.KeyAlgorithm, stored.KeySize)}, not {Key(desired.KeyAlgorithm, desired.KeySize)}.");
        if (!stored.Names.Covers(desired.Profile.Names) || !(mayHaveMore || desired.Profile.Names.Covers(stored.Names)))
            return new("NamesDiffer", $"The certificate in Secret {name} is for {Summary(stored.Names)}, not for {Summary(desired.Profile.Names)}.");
        if (!signer.IsAcme && !stored.Subject.Equals(desired.Profile.Subject))
            return new("SubjectDiffers", $"The certificate in Secret {name} has the subject \"{stored.Subject}\", not \"{desired.Profile.Subject}\".");
        if (stored.IsCa != desired.Profile.IsCa)
            return new("CaFlagDiffers", $"The certificate in Secret {name} is {(stored.IsCa ? "a" : "no")} CA certificate, unlike the spec.");
        string[] missing = [.. MissingUsages(desired, stored).Where(signer.IsBoundBy)];
        return missing.Length > 0
            ? new("UsagesDiffer", $"The certificate in Secret {name} lacks the usages {string.Join(", ", missing)}.")
            : null;
    }

    private static SecretShortfall? FromRequest(Situation situation, SecretFacts secret, string name)
    {
        if (secret.Annotation(Labels.Issuer) is { } signedBy && situation.Issuers.All(issuer => issuer.Ref.ToString() != signedBy))
            return new("IssuerChanged", $"The certificate in Secret {name} was signed by {signedBy}, not by {situation.Issuers[0].Ref}.");
        return secret.Annotation(Labels.SpecHash) is { } hash && hash != situation.Desired!.SpecHash
            ? new("SpecChanged", $"The certificate in Secret {name} answers an earlier spec.")
            : null;
    }

    private static SecretShortfall? FromIssuer(IssuerState issuer, CertificateFacts stored, string name)
    {
        if (issuer.SelfSigned && !stored.IsSelfSigned)
            return new("IssuerChanged", $"The certificate in Secret {name} is not self-signed.");
        return issuer.Ca is { } ca && stored.CaFingerprint != ca.Fingerprint
            ? new("CaChanged", $"The certificate in Secret {name} was not signed by the present CA of {issuer.Ref}.")
            : null;
    }

    private static SecretShortfall? FromDates(CertificateFacts stored, DateTimeOffset now, string name)
    {
        if (stored.ChainNotAfter <= now)
            return new("Expired", $"The certificate in Secret {name} expired at {stored.ChainNotAfter:u}.");
        return stored.NotBefore > now
            ? new("NotYetValid", $"The certificate in Secret {name} is valid only from {stored.NotBefore:u}.")
            : null;
    }

    private static bool Allows(CertificateFacts stored, string usage)
    {
        var (bits, extended) = KeyUsageNames.Parse([usage]);
        return (stored.KeyUsages is not { } present || present.HasFlag(bits)) && extended.All(stored.ExtendedKeyUsages.Contains);
    }

    private static string Key(KeyAlgorithm algorithm, int size) => algorithm == KeyAlgorithm.Ed25519 ? "Ed25519" : $"{algorithm}-{size}";

    private static string Summary(SubjectNames names)
    {
        string[] all = [.. names.DnsNames, .. names.IpAddresses, .. names.Uris, .. names.EmailAddresses, .. names.OtherNames.Select(other => other.Value)];
        return all.Length switch
        {
            0 => "no name",
            <= 5 => string.Join(", ", all),
            _ => $"{string.Join(", ", all.Take(5))} and {all.Length - 5} more",
        };
    }
}

namespace CertOperator.Audit;

/// <summary>Every kind of finding. docs/audit.md repeats the table.</summary>
internal static class AuditCodes
{
    public static AuditCode SecretMissing { get; } = new(
        nameof(SecretMissing), AuditSeverity.Error,
        "The Secret that spec.tls names does not exist, so the controller serves its default certificate or refuses.",
        "Create it, correct secretName, or have this operator make it with an issuer annotation.");

    public static AuditCode SecretElsewhere { get; } = new(
        nameof(SecretElsewhere), AuditSeverity.Error,
        "The Secret that spec.tls names exists in another namespace only, and an Ingress can use none but its own namespace's.",
        "Have a Secret made in the Ingress's namespace, or move the Ingress.");

    public static AuditCode SecretWrongType { get; } = new(
        nameof(SecretWrongType), AuditSeverity.Warning,
        "The Secret is of another type than kubernetes.io/tls; some controllers read it nevertheless, others do not.",
        "Create it anew with the type kubernetes.io/tls: a type cannot be changed.");

    public static AuditCode SecretUnreadable { get; } = new(
        nameof(SecretUnreadable), AuditSeverity.Error,
        "The Secret lacks tls.crt or tls.key, or they or ca.crt cannot be read.",
        "Put a PEM certificate chain into tls.crt and its unencrypted PEM key into tls.key.");

    public static AuditCode KeyMismatch { get; } = new(
        nameof(KeyMismatch), AuditSeverity.Error,
        "The certificate in the Secret is for another key than the one beside it.",
        "Store the certificate together with the key that it was requested for.");

    public static AuditCode HostNotCovered { get; } = new(
        nameof(HostNotCovered), AuditSeverity.Error,
        "A host of spec.tls is not among the certificate's subject alternative names.",
        "Have a certificate issued for all hosts of the entry, or name the Secret that covers them.");

    public static AuditCode Expired { get; } = new(
        nameof(Expired), AuditSeverity.Error,
        "The certificate, or one in its chain, has expired.",
        "Renew it where it comes from, or have this operator do so with an issuer annotation.");

    public static AuditCode Expiring { get; } = new(
        nameof(Expiring), AuditSeverity.Warning,
        "Less than a quarter of the certificate's lifetime is left, and at most three weeks, and no Certificate of this operator renews it.",
        "Renew it where it comes from, or have this operator do so with an issuer annotation.");

    public static AuditCode NotYetValid { get; } = new(
        nameof(NotYetValid), AuditSeverity.Error,
        "The certificate is not valid yet.",
        "Store one that is valid, and look at the clock of the machine that issued it.");

    public static AuditCode ChainIncomplete { get; } = new(
        nameof(ChainIncomplete), AuditSeverity.Error,
        "A certificate between the leaf and the root is missing; browsers may fetch it, other clients refuse.",
        "Append the issuer's certificates to tls.crt, each after the one that it signed.");

    public static AuditCode ChainOutOfOrder { get; } = new(
        nameof(ChainOutOfOrder), AuditSeverity.Warning,
        "The certificates in tls.crt are not in order; some controllers and clients refuse that.",
        "Order tls.crt: the leaf first, each certificate followed by the one that signed it.");

    public static AuditCode ChainCarriesRoot { get; } = new(
        nameof(ChainCarriesRoot), AuditSeverity.Note,
        "The chain carries its root, which clients have or do not trust: bytes in each handshake for nothing.",
        "Leave the root out of tls.crt.");

    public static AuditCode ChainInvalid { get; } = new(
        nameof(ChainInvalid), AuditSeverity.Error,
        "The chain does not verify: a signature, a CA's limits or constraints, an extension, or its end in ca.crt.",
        "Store the chain that the CA delivered with the certificate.");

    public static AuditCode WeakKey { get; } = new(
        nameof(WeakKey), AuditSeverity.Error,
        "A key in the chain is shorter than clients accept.",
        "Have a certificate issued for RSA with 2048 bits or more, or for ECDSA.");

    public static AuditCode WeakSignature { get; } = new(
        nameof(WeakSignature), AuditSeverity.Error,
        "A certificate of the chain is signed with MD2, MD5 or SHA-1.",
        "Have it issued anew by a CA that signs with SHA-256.");

    public static AuditCode NotForServers { get; } = new(
        nameof(NotForServers), AuditSeverity.Error,
        "The certificate's extended key usages do not allow it for servers.",
        "Have one issued with the usage \"server auth\".");

    public static AuditCode ClassNotServed { get; } = new(
        nameof(ClassNotServed), AuditSeverity.Warning,
        "No IngressClass describes the class of the Ingress, and it has no address: no controller serves it.",
        "Correct ingressClassName, or install that controller.");

    public static AuditCode NoClass { get; } = new(
        nameof(NoClass), AuditSeverity.Warning,
        "The Ingress has no class, no IngressClass is the default, and it has no address: no controller serves it.",
        "Set spec.ingressClassName.");

    public static AuditCode NoAddress { get; } = new(
        nameof(NoAddress), AuditSeverity.Note,
        "The Ingress has a class but no address for minutes: its controller does not run, refuses it, or is set up not to report addresses.",
        "Look at the controller's log, unless no Ingress of it ever has an address.");

    public static AuditCode DefaultCertificate { get; } = new(
        nameof(DefaultCertificate), AuditSeverity.Note,
        "An entry of spec.tls names no Secret, so the controller serves its default certificate, which cannot be audited.",
        "Name a Secret if the hosts should have a certificate of their own.");

    public static AuditCode ServedMismatch { get; } = new(
        nameof(ServedMismatch), AuditSeverity.Error,
        "A host is served with another certificate than its Secret holds; found where the operator verifies what is served.",
        "Mend what serves the host; cert-operator inspect shows what it serves.");

    /// <summary>In the order of the page.</summary>
    public static IReadOnlyList<AuditCode> All { get; } =
    [
        SecretMissing, SecretElsewhere, SecretWrongType, SecretUnreadable, KeyMismatch, HostNotCovered, Expired, Expiring, NotYetValid,
        ChainIncomplete, ChainOutOfOrder, ChainCarriesRoot, ChainInvalid, WeakKey, WeakSignature, NotForServers,
        ClassNotServed, NoClass, NoAddress, DefaultCertificate, ServedMismatch,
    ];
}

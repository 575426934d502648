namespace CertOperator.Pki.Chains;

public enum ChainProblemCode
{
    /// <summary>The leaf is for another key.</summary>
    KeyMismatch,

    /// <summary>The leaf lacks a name that was asked for.</summary>
    MissingName,

    /// <summary>The leaf lacks a usage that was asked for, a CA above it does not allow that usage, or it is a CA where none was asked for or the reverse.</summary>
    WrongUsage,
    NotYetValid,
    Expired,

    /// <summary>A certificate that signs others is not a CA, or may not sign certificates.</summary>
    IssuerNotCa,
    PathLengthExceeded,

    /// <summary>A certificate is followed by another than its issuer.</summary>
    OutOfOrder,

    /// <summary>The issuer's name fits, its key does not verify the signature.</summary>
    BadSignature,

    /// <summary>The chain ends before an anchor.</summary>
    IncompleteChain,

    /// <summary>The chain ends in a self-signed certificate that is not trusted.</summary>
    UntrustedAnchor,

    /// <summary>The chain as stored holds its root, which clients have or do not trust: useless, but not invalid.</summary>
    CarriesRoot,
    NameConstraintViolated,
    WeakKey,
    WeakSignature,

    /// <summary>RFC 5280 section 4.2: a critical extension that is not understood must be refused.</summary>
    UnknownCriticalExtension,
}

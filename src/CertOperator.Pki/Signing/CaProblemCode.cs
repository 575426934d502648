namespace CertOperator.Pki.Signing;

public enum CaProblemCode
{
    NotYetValid,
    Expired,
    NotCa,
    LacksCertSign,
    KeyMismatch,

    /// <summary>A certificate in the chain is not signed by the one after it.</summary>
    BrokenChain,
    WeakKey,
}

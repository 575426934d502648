namespace CertOperator.Acme.Errors;

/// <summary>What was being done when something failed; the same problem type means different things at different stages.</summary>
public enum AcmeStage
{
    Directory,
    Nonce,
    NewAccount,
    Account,
    KeyChange,
    NewOrder,
    Order,
    Authorization,
    Challenge,

    /// <summary>The error stands in an authorization or challenge: no request was refused.</summary>
    Validation,
    Finalize,
    Certificate,
    Revocation,
    RenewalInfo,
}

namespace CertOperator.Acme.Certificates;

/// <summary>RFC 5280 section 5.3.1; the ones that make sense for a subscriber.</summary>
public enum RevocationReason
{
    Unspecified = 0,
    KeyCompromise = 1,
    AffiliationChanged = 3,
    Superseded = 4,
    CessationOfOperation = 5,
}

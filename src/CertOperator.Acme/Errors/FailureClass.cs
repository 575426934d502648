namespace CertOperator.Acme.Errors;

/// <summary>What can be done about a failure, from the mildest to the gravest.</summary>
public enum FailureClass
{
    /// <summary>The same thing again, not before a time.</summary>
    Transient,

    /// <summary>This order is dead; another one may succeed.</summary>
    NewOrder,

    /// <summary>Pointless until the request, the issuer's configuration or a Secret changes.</summary>
    Permanent,

    /// <summary>As <see cref="Permanent"/>, and a person has to do something at the CA.</summary>
    NeedsUser,
}

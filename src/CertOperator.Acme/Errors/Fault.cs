namespace CertOperator.Acme.Errors;

/// <summary>Where the cause of a failure lies, hence who can mend it.</summary>
public enum Fault
{
    /// <summary>The way to the CA: DNS, routing, a proxy, a time-out.</summary>
    Network,

    /// <summary>The CA: overloaded, broken, or limiting its clients.</summary>
    Ca,

    /// <summary>The issuer's configuration or account.</summary>
    Issuer,

    /// <summary>What was asked for: names, key, profile.</summary>
    Request,

    /// <summary>What the CA found when it validated a name: DNS records, firewalls, web servers, CAA.</summary>
    Validation,

    /// <summary>This client.</summary>
    Client,
}

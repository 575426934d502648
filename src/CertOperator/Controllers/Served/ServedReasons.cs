namespace CertOperator.Controllers.Served;

/// <summary>Reasons of the condition Served; never changed once they were published.</summary>
internal static class ServedReasons
{
    /// <summary>True: each host is served with the stored certificate.</summary>
    public const string Served = "Served";

    /// <summary>False: a host is served with another one.</summary>
    public const string OtherCertificate = "OtherCertificate";

    /// <summary>Unknown: a certificate was stored, and the ingress controller may still take it up.</summary>
    public const string Pending = "Pending";

    /// <summary>Unknown: an address gives no connection, or does not resolve.</summary>
    public const string NotReachable = "NotReachable";

    /// <summary>Unknown: an address gives a connection and no TLS.</summary>
    public const string HandshakeFailed = "HandshakeFailed";

    /// <summary>Unknown: the operator does not connect to an address of that kind.</summary>
    public const string AddressNotAllowed = "AddressNotAllowed";

    /// <summary>Unknown: the Ingress has no address.</summary>
    public const string NoAddress = "NoAddress";

    /// <summary>Unknown: the Ingress names no host that the certificate covers.</summary>
    public const string NoHost = "NoHost";

    /// <summary>Unknown: the Ingress passes TLS through.</summary>
    public const string Passthrough = "Passthrough";
}

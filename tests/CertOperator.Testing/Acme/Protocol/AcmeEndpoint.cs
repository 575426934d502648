namespace CertOperator.Testing.Acme.Protocol;

/// <summary>What a URL of the server stands for.</summary>
public enum AcmeEndpoint
{
    Unknown,
    Directory,
    NewNonce,
    NewAccount,
    Account,
    Orders,
    KeyChange,
    NewOrder,
    Order,
    Finalize,
    Authorization,
    Challenge,
    Certificate,
    RevokeCertificate,
    RenewalInfo,
}

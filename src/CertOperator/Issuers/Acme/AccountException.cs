namespace CertOperator.Issuers.Acme;

/// <summary>The account of an issuer cannot be used as the issuer is set up. The message is for the user and holds no secret.</summary>
/// <param name="reason">CamelCase word for machines.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
internal sealed class AccountException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}

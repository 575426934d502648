using CertOperator.Acme.Jose;

namespace CertOperator.Acme.Accounts;

/// <summary>What an account is registered with (RFC 8555 section 7.3).</summary>
public sealed record Registration
{
    /// <summary>E-mail addresses, without "mailto:". May be empty; some CAs do not keep them.</summary>
    public IReadOnlyList<string> Emails { get; init; } = [];

    /// <summary>Whether the user agrees to the CA's terms, which the directory names.</summary>
    public bool AgreesToTerms { get; init; }

    public ExternalAccountBinding? ExternalAccount { get; init; }
}

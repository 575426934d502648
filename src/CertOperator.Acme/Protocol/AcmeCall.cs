using CertOperator.Acme.Errors;
using CertOperator.Acme.Jose;

namespace CertOperator.Acme.Protocol;

/// <summary>A signed request, before it has a nonce.</summary>
/// <param name="Stage">What for.</param>
/// <param name="Url">Where to, as the server wrote it.</param>
/// <param name="Payload">The JSON; empty for POST-as-GET (RFC 8555 section 6.3).</param>
/// <param name="Key">What it is signed with.</param>
/// <param name="Account">Who asks; null to send the public key instead (section 6.2).</param>
internal sealed record AcmeCall(AcmeStage Stage, Uri Url, byte[] Payload, AccountKey Key, Uri? Account)
{
    public string? Accept { get; init; }

    public int MaxBytes { get; init; } = AcmeLimits.Resource;

    /// <summary>Whether it may be sent again when the answer was lost: reading, and what has the same effect twice.</summary>
    public bool IsRepeatable { get; init; } = Payload.Length == 0;

    public static AcmeCall Read(AcmeStage stage, Uri url, Accounts.AcmeAccount account) => new(stage, url, [], account.Key, account.Url);
}

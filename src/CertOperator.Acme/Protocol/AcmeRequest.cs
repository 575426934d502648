using CertOperator.Acme.Errors;

namespace CertOperator.Acme.Protocol;

/// <summary>One HTTP request.</summary>
/// <param name="Stage">What for.</param>
/// <param name="Method">GET, HEAD or POST.</param>
/// <param name="Url">Where to, as the server wrote it.</param>
internal sealed record AcmeRequest(AcmeStage Stage, HttpMethod Method, Uri Url)
{
    /// <summary>The JWS of a POST.</summary>
    public byte[]? Body { get; init; }

    public string? Accept { get; init; }

    /// <summary>How much of an answer is taken before it is refused.</summary>
    public int MaxBytes { get; init; } = AcmeLimits.Resource;
}

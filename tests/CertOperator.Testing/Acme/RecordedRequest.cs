using CertOperator.Testing.Acme.Protocol;

namespace CertOperator.Testing.Acme;

/// <summary>One request as it arrived, whether or not it was served. <paramref name="Account"/> is the key identifier it claims.</summary>
public sealed record RecordedRequest(
    AcmeEndpoint Endpoint,
    string Method,
    Uri Url,
    string? Account,
    IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The status that was answered; null until then.</summary>
    public int? Status { get; internal set; }
}

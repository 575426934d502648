namespace CertOperator.Challenges.Dns.Wire;

/// <summary>
/// A name server or a DNS provider did not do what was asked. The message is a sentence for the user: what failed, at whom,
/// what to do. It holds no credentials.
/// </summary>
/// <param name="message">The sentence.</param>
/// <param name="retryAfter">How long the other side asks to wait.</param>
internal class DnsException(string message, TimeSpan? retryAfter = null) : Exception(message)
{
    public TimeSpan? RetryAfter { get; } = retryAfter;
}

/// <summary>Bytes or text that are not DNS.</summary>
internal sealed class DnsFormatException(string message) : DnsException(message);

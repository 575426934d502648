using System.Net.Http.Headers;

namespace CertOperator.Acme.Protocol;

/// <summary>The header Retry-After: seconds or a date (RFC 9110 section 10.2.3).</summary>
internal static class RetryAfter
{
    /// <summary>When to come back: never in the past, never further away than <see cref="AcmeLimits.RetryAfter"/>; null if the header says nothing usable.</summary>
    public static DateTimeOffset? Parse(string? value, DateTimeOffset now)
    {
        if (!RetryConditionHeaderValue.TryParse(value, out var header)) return null;
        var wait = header.Delta ?? header.Date!.Value - now;
        return now + (wait < TimeSpan.Zero ? TimeSpan.Zero : wait > AcmeLimits.RetryAfter ? AcmeLimits.RetryAfter : wait);
    }
}

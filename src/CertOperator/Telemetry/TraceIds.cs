using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace CertOperator.Telemetry;

/// <summary>The identifiers of an attempt's trace and of its root. Pure.</summary>
internal static class TraceIds
{
    /// <summary>The trace is named as the attempt is, so that it can be found by what stands in status; what is no such name is hashed.</summary>
    public static (ActivityTraceId Trace, ActivitySpanId Root) Of(string attempt)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(attempt));
        bool isName = attempt.Length == 32 && attempt.All(char.IsAsciiHexDigitLower) && attempt.Any(digit => digit != '0');
        return (
            isName ? ActivityTraceId.CreateFromString(attempt) : ActivityTraceId.CreateFromBytes(hash.AsSpan(8, 16)),
            ActivitySpanId.CreateFromBytes(hash.AsSpan(0, 8)));
    }
}

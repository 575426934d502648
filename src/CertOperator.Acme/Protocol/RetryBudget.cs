using CertOperator.Acme.Errors;

namespace CertOperator.Acme.Protocol;

/// <summary>What one call may still do by itself before its failure is the caller's.</summary>
internal sealed class RetryBudget(AcmeClientOptions options, TimeProvider time)
{
    private const int NetworkRetries = 2;
    private const int GatewayRetries = 2;
    private const int ErrorRetries = 1;

    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);

    private readonly long _since = time.GetTimestamp();
    private int _nonces = options.BadNonceTries - 1;
    private int _failures;

    /// <summary>How long to wait before the request is sent again; null if the refusal is final.</summary>
    public TimeSpan? After(AcmeReply reply)
    {
        if (reply.Problem?.Type == ProblemTypes.BadNonce) return _nonces-- > 0 ? Within(TimeSpan.Zero) : null;
        var retries = reply.Status switch { 502 or 503 or 504 => GatewayRetries, >= 500 => ErrorRetries, _ => 0 };
        return _failures < retries ? Within(reply.RetryAfter is { } asked ? asked - reply.At : NextWait()) : null;
    }

    /// <summary>The same for a request that got no answer.</summary>
    public TimeSpan? After(AcmeFailure failure)
        => failure is { Class: FailureClass.Transient, Fault: Fault.Network } && _failures < NetworkRetries ? Within(NextWait()) : null;

    private TimeSpan NextWait() => FirstWait * (1 << (2 * _failures));

    private TimeSpan? Within(TimeSpan wait)
    {
        if (time.GetElapsedTime(_since) + wait > options.MaxInlineWait) return null;
        if (wait > TimeSpan.Zero) _failures++;
        return wait;
    }
}

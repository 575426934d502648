using CertOperator.Acme.Errors;
using CertOperator.Acme.Protocol;
using CertOperator.Acme.Protocol.Wire;

namespace CertOperator.Acme.Renewal;

/// <summary>When a CA wants a certificate renewed (RFC 9773 section 4.2).</summary>
/// <param name="Start">Not before this.</param>
/// <param name="End">Not after this; later than the start.</param>
/// <param name="NextCheck">When to ask again: between a minute and a day from the answer.</param>
public sealed record RenewalInfo(DateTimeOffset Start, DateTimeOffset End, DateTimeOffset NextCheck)
{
    /// <summary>When to ask again after an answer that cannot be used, or a refusal (section 4.3.3).</summary>
    public static readonly TimeSpan CheckAfterFailure = TimeSpan.FromHours(6);

    private static readonly TimeSpan EarliestCheck = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LatestCheck = TimeSpan.FromDays(1);

    /// <summary>A page for people that says why; https.</summary>
    public Uri? Explanation { get; init; }

    internal static RenewalInfo? Read(AcmeReply reply)
    {
        WireRenewalInfo wire;
        try
        {
            wire = WireReader.Read(AcmeStage.RenewalInfo, reply, WireJson.Default.WireRenewalInfo);
        }
        catch (AcmeException)
        {
            return null; // As if there were no answer (section 4.2): the schedule has a fallback.
        }
        if (WireReader.Time(wire.SuggestedWindow?.Start) is not { } start || WireReader.Time(wire.SuggestedWindow?.End) is not { } end || end <= start) return null;
        var wait = reply.RetryAfter is { } asked ? asked - reply.At : CheckAfterFailure;
        return new RenewalInfo(start, end, reply.At + (wait < EarliestCheck ? EarliestCheck : wait > LatestCheck ? LatestCheck : wait))
        {
            Explanation = AcmeUri.Parse(wire.ExplanationUrl, allowHttp: false),
        };
    }
}

using System.Net;

namespace CertOperator.Challenges.SelfChecks;

/// <summary>What one address answered.</summary>
internal enum ProbeOutcome
{
    /// <summary>The key authorization.</summary>
    Right,

    /// <summary>A redirect, which CAs follow; where to was not looked at.</summary>
    Redirect,

    /// <summary>Status 200 and something else.</summary>
    WrongBody,

    /// <summary>Another status.</summary>
    WrongStatus,

    /// <summary>Nothing listens.</summary>
    Refused,

    /// <summary>Nothing came back in time.</summary>
    TimedOut,

    /// <summary>No way there from here; the CA may have one.</summary>
    NoRoute,

    /// <summary>The connection broke, or it does not speak HTTP.</summary>
    Broken,

    /// <summary>Not asked, because it is a private address.</summary>
    NotAsked,
}

/// <param name="Address">Who was asked.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Status">HTTP status, if one came.</param>
internal sealed record ProbeResult(IPAddress Address, ProbeOutcome Outcome, int Status = 0)
{
    public bool IsGood => Outcome is ProbeOutcome.Right or ProbeOutcome.Redirect;

    /// <summary>Somebody is there and gives what is wrong; a failure to connect may be due to where it was tried from.</summary>
    public bool IsAnswer => Outcome is ProbeOutcome.WrongBody or ProbeOutcome.WrongStatus;
}

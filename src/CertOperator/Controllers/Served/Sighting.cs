using System.Net;

namespace CertOperator.Controllers.Served;

/// <summary>What came of asking.</summary>
internal enum SightingOutcome
{
    /// <summary>A certificate was served.</summary>
    Seen,

    /// <summary>Nothing listens.</summary>
    Refused,

    /// <summary>Nothing came back in time.</summary>
    TimedOut,

    /// <summary>No way there from here.</summary>
    NoRoute,

    /// <summary>A connection, and no TLS or no certificate that can be read.</summary>
    NoTls,

    /// <summary>The name has no address, or the DNS did not answer.</summary>
    NotResolved,

    /// <summary>Not asked: an address that the operator does not connect to.</summary>
    NotAllowed,
}

/// <summary>What was seen at an address.</summary>
/// <param name="At">When.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Address">Who was asked; null if nobody was.</param>
/// <param name="Leaf">What is served, if anything.</param>
internal sealed record Sighting(DateTimeOffset At, SightingOutcome Outcome, IPAddress? Address = null, ServedLeaf? Leaf = null)
{
    /// <summary>Says something of the address, whatever host is asked for there.</summary>
    public bool IsOfAddress => Outcome is SightingOutcome.Refused or SightingOutcome.TimedOut or SightingOutcome.NoRoute;

    public bool Shows(string fingerprint) => Leaf?.Fingerprint == fingerprint;

    /// <summary>
    /// The one that counts of several addresses of one name: another certificate before a failure. That there is no way to one of
    /// them, say by IPv6, says nothing if there is one to another.
    /// </summary>
    public static Sighting Worst(IReadOnlyList<Sighting> sightings, string fingerprint)
        => sightings.FirstOrDefault(sighting => sighting.Outcome == SightingOutcome.Seen && !sighting.Shows(fingerprint))
        ?? sightings.FirstOrDefault(sighting => sighting.Outcome is not (SightingOutcome.Seen or SightingOutcome.NoRoute))
        ?? sightings.FirstOrDefault(sighting => sighting.Outcome == SightingOutcome.Seen)
        ?? sightings[0];
}

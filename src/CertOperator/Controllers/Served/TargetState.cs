namespace CertOperator.Controllers.Served;

/// <summary>What is known of a target.</summary>
internal sealed record TargetState
{
    /// <summary>When it is asked next.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>Its place in the line before an address, which is at <see cref="Due"/>.</summary>
    public bool HasPlace { get; init; }

    /// <summary>Since when it is not known to serve what is stored; null if that was seen last.</summary>
    public DateTimeOffset? WrongSince { get; init; }

    /// <summary>What was seen last, of the certificate that is stored now; null: nothing yet.</summary>
    public Sighting? Last { get; init; }

    /// <summary>There is nothing to say yet: not asked, or the grace is not over.</summary>
    public bool IsPending(TimeSpan grace) => WrongSince is { } since && !(Last?.At >= since + grace);
}

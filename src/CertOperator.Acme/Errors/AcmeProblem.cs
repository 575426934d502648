using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Errors;

/// <summary>A problem document (RFC 9457, RFC 8555 section 6.7) made safe to show: bounded and printable.</summary>
/// <param name="Type">The type without the namespace of ACME (<see cref="ProblemTypes"/>); "about:blank" if none was sent.</param>
/// <param name="Detail">One printable line; may be empty.</param>
public sealed record AcmeProblem(string Type, string Detail)
{
    /// <summary>What the subproblem is about; null for a whole problem.</summary>
    public Identifier? Identifier { get; init; }

    /// <summary>One for each identifier at fault (section 6.7.1).</summary>
    public IReadOnlyList<AcmeProblem> Subproblems { get; init; } = [];

    /// <summary>Where a person can act on it (<c>userActionRequired</c>).</summary>
    public Uri? Instance { get; init; }

    /// <summary>The signature algorithms that the CA takes (<c>badSignatureAlgorithm</c>).</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = [];

    /// <summary>"dns: NXDOMAIN looking up A for www.example.org", and the same for each identifier.</summary>
    public string Describe()
    {
        var takes = Algorithms.Count == 0 ? "" : $" (it takes {string.Join(", ", Algorithms)})";
        var self = (Detail.Length == 0 ? Type : $"{Type}: {Detail}") + takes;
        var parts = Subproblems.Select(sub => sub.Identifier is { } name ? $"{name.Value}: {sub.Describe()}" : sub.Describe());
        return PrintableText.Clean(string.Join("; ", parts.Prepend(self)));
    }
}

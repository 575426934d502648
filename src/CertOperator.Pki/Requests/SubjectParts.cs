namespace CertOperator.Pki.Requests;

/// <summary>The parts of a subject besides its common name, as cert-manager's <c>spec.subject</c> has them.</summary>
public sealed record SubjectParts
{
    public static SubjectParts Empty { get; } = new();

    public IReadOnlyList<string> Organizations { get; init; } = [];

    public IReadOnlyList<string> OrganizationalUnits { get; init; } = [];

    public IReadOnlyList<string> Countries { get; init; } = [];

    public IReadOnlyList<string> Localities { get; init; } = [];

    public IReadOnlyList<string> Provinces { get; init; } = [];

    public IReadOnlyList<string> StreetAddresses { get; init; } = [];

    public IReadOnlyList<string> PostalCodes { get; init; } = [];

    public string? SerialNumber { get; init; }
}

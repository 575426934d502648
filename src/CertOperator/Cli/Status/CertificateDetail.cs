using CertOperator.Api;
using CertOperator.Cli.Chains;
using CertOperator.Runtime.Objects;

namespace CertOperator.Cli.Status;

/// <summary>All that is to be told of one Certificate.</summary>
internal sealed record CertificateDetail
{
    public required CertificateSummary Certificate { get; init; }

    /// <summary>What happens next, in plain words.</summary>
    public required string Next { get; init; }

    /// <summary>Those that the spec names, the preferred one first.</summary>
    public required IReadOnlyList<IssuerSummary> Issuers { get; init; }

    public required IReadOnlyList<NameStatus> Names { get; init; }

    /// <summary>What the Secret holds.</summary>
    public required IReadOnlyList<ChainLink> Chain { get; init; }

    /// <summary>Why the chain cannot be shown.</summary>
    public string? ChainProblem { get; init; }

    public required IReadOnlyList<Condition> Conditions { get; init; }

    public required IReadOnlyList<IssuanceAttempt> Attempts { get; init; }

    public IssuanceStatus? Issuance { get; init; }

    public static CertificateDetail Of(Certificate certificate, IReadOnlyList<IssuerSummary> issuers, (IReadOnlyList<ChainLink> Links, string? Problem) chain, DateTimeOffset now) => new()
    {
        Certificate = CertificateSummary.Of(certificate),
        Next = NextStep.Of(certificate, now),
        Issuers = issuers,
        Names = NamesOf(certificate),
        Chain = chain.Links,
        ChainProblem = chain.Problem,
        Conditions = certificate.Status?.Conditions ?? [],
        Attempts = certificate.Status?.Attempts ?? [],
        Issuance = certificate.Status?.Issuance,
    };

    /// <summary>The names of the spec, with what is known of each from its validation.</summary>
    private static IReadOnlyList<NameStatus> NamesOf(Certificate certificate)
    {
        IReadOnlyList<NameStatus> known = certificate.Status?.Names ?? [];
        return [.. CertificateSummary.Of(certificate).Names.Select(name => known.FirstOrDefault(state => state.Name == name) ?? new NameStatus { Name = name, State = "" })];
    }
}

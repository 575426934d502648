using CertOperator.Pki;
using CertOperator.Pki.Chains;
using CertOperator.Pki.Keys;

namespace CertOperator.Cli.Inspect;

/// <summary>What was found where certificates were looked for. The key is used and never told.</summary>
internal sealed record Material : IDisposable
{
    /// <summary>Where, for people.</summary>
    public required string Source { get; init; }

    /// <summary>As they stand there, the leaf first.</summary>
    public required IReadOnlyList<IssuedCertificate> Certificates { get; init; }

    public PrivateKey? Key { get; init; }

    /// <summary>What the chain must end in; null: in anything, as far as it goes.</summary>
    public IReadOnlyList<IssuedCertificate>? Anchors { get; init; }

    /// <summary>Where <see cref="Anchors"/> are from, for people.</summary>
    public string? AnchorsFrom { get; init; }

    /// <summary>What else is to be told, as name and value.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>What is wrong beside the chain.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public void Dispose() => Key?.Dispose();

    /// <summary>What is wrong with all of it at a moment.</summary>
    public IReadOnlyList<Finding> Judge(DateTimeOffset now)
    {
        if (Certificates.Count == 0)
            return Findings;
        var requirements = new ChainRequirements { PublicKeyInfo = Key?.PublicKeyInfo ?? [], IsCa = Certificates[0].IsCa };
        IEnumerable<ChainProblem> problems = ChainValidator.Validate(Certificates, requirements, now);
        // A chain may carry more than is needed to reach an anchor; what clients verify is the shortest way.
        if (Anchors is { Count: > 0 } anchors)
            problems = problems.Concat(ChainValidator.Validate(Path(anchors), requirements with { Anchors = anchors }, now));
        return [.. Findings, .. problems.DistinctBy(problem => problem.Message).Select(problem => new Finding(problem.Code.ToString(), problem.Message))];
    }

    private IReadOnlyList<IssuedCertificate> Path(IReadOnlyList<IssuedCertificate> anchors)
        => ChainBuilder.Build(Certificates, anchors, Certificates[0].PublicKeyInfo.Span).Certificates;
}

/// <summary>Something to be told.</summary>
internal sealed record Fact(string Name, string Value);

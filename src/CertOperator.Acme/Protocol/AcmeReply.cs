using System.Text;
using CertOperator.Acme.Errors;

namespace CertOperator.Acme.Protocol;

/// <summary>One answer of a server, read to its end.</summary>
internal sealed class AcmeReply
{
    private readonly Lazy<AcmeProblem?> _problem;

    public AcmeReply() => _problem = new Lazy<AcmeProblem?>(() => IsSuccess ? null : ProblemParser.Parse(Body));

    public required int Status { get; init; }

    public required Uri Url { get; init; }

    public required string Method { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset At { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public string? MediaType { get; init; }

    public string? Nonce { get; init; }

    /// <summary>The address of the resource that was made or meant; null if none, or none that may be requested.</summary>
    public Uri? Location { get; init; }

    public IReadOnlyList<WebLink> Links { get; init; } = [];

    public DateTimeOffset? RetryAfter { get; init; }

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>What a refusal says; null if it is no JSON object.</summary>
    public AcmeProblem? Problem => _problem.Value;

    public Uri? Link(string relation) => Links.FirstOrDefault(link => link.Relation == relation).Target;

    /// <summary>The section of a page that a link leads to; null without one.</summary>
    public string? SectionOf(string relation) => Links.FirstOrDefault(link => link.Relation == relation).Fragment;

    public string Excerpt(int maxLength)
        => PrintableText.Clean(Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, maxLength)]), maxLength);
}

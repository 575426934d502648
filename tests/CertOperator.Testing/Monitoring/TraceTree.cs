namespace CertOperator.Testing.Monitoring;

/// <summary>The spans of one trace, of which one is the root and every other has its parent among them.</summary>
public sealed class TraceTree
{
    private readonly IReadOnlyList<OtlpSpan> _spans;

    /// <exception cref="InvalidOperationException">They are not one tree.</exception>
    public TraceTree(IReadOnlyList<OtlpSpan> spans)
    {
        _spans = spans;
        OtlpSpan[] roots = [.. spans.Where(span => span.ParentId.Length == 0)];
        if (roots is not [var root])
            throw new InvalidOperationException($"There are {roots.Length} roots in {this}.");
        if (spans.DistinctBy(span => span.SpanId).Count() != spans.Count)
            throw new InvalidOperationException($"Two spans share an identifier in {this}.");
        if (spans.FirstOrDefault(span => span != root && Parent(span) is null) is { } lost)
            throw new InvalidOperationException($"{lost.Name} has no parent in {this}.");
        Root = root;
    }

    public OtlpSpan Root { get; }

    public IReadOnlyList<OtlpSpan> Spans => _spans;

    /// <summary>The names of all spans, each once.</summary>
    public IReadOnlySet<string> Names => _spans.Select(span => span.Name).ToHashSet();

    public IReadOnlyList<OtlpSpan> Named(string name) => [.. _spans.Where(span => span.Name == name)];

    public OtlpSpan? Parent(OtlpSpan span) => _spans.FirstOrDefault(other => other.SpanId == span.ParentId);

    public override string ToString() => string.Join("; ", _spans.Select(span => $"{span.Name} {span.SpanId} of {span.ParentId}"));
}

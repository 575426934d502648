namespace CertOperator.Testing.Cluster;

/// <summary>The write at which an <see cref="ApiProxy"/> stops passing anything.</summary>
/// <param name="Namespace">Where the written object is.</param>
/// <param name="Resource">Lower-case plural, with <c>/status</c> for that subresource; null for any.</param>
/// <param name="Stored">The write reaches the API server and only its answer is held back; else the write is, too.</param>
public sealed record ApiCut(string Namespace, string? Resource, bool Stored)
{
    /// <summary>Which of these writes, from 1.</summary>
    public int Number { get; init; } = 1;
}

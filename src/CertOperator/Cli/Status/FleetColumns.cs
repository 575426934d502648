namespace CertOperator.Cli.Status;

/// <summary>Columns of the table of Certificates that are not always there.</summary>
/// <param name="Namespaces">The first one.</param>
/// <param name="Wide">The last ones.</param>
internal readonly record struct FleetColumns(bool Namespaces, bool Wide)
{
    public IReadOnlyList<T> Of<T>(T ns, IReadOnlyList<T> always, IReadOnlyList<T> wide)
        => [.. Namespaces ? [ns] : (T[])[], .. always, .. Wide ? wide : []];
}

namespace CertOperator.Runtime.Client.Http;

/// <summary>metav1.ListMeta.</summary>
internal sealed record ListHead
{
    public string? ResourceVersion { get; init; }

    public string? Continue { get; init; }
}

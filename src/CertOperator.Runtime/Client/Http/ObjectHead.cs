namespace CertOperator.Runtime.Client.Http;

/// <summary>As much of an object as tells which one it is.</summary>
internal sealed record ObjectHead
{
    public ObjectHeadMetadata? Metadata { get; init; }
}

internal sealed record ObjectHeadMetadata
{
    public string? Name { get; init; }

    public string? Namespace { get; init; }

    public string? ResourceVersion { get; init; }
}

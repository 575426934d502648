using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.Objects;

namespace CertOperator.Secrets;

/// <summary>What is known of a TLS Secret without keeping its key material.</summary>
internal sealed record SecretFacts
{
    /// <summary>Identity, labels, annotations and owners; annotations that can repeat the data are left out.</summary>
    public required ObjectMeta Metadata { get; init; }

    /// <summary>Why the entries are no usable key pair, in one sentence; null if they are one.</summary>
    public string? Problem { get; init; }

    /// <summary>The certificate; null if there is a <see cref="Problem"/> that hides it.</summary>
    public CertificateFacts? Certificate { get; init; }

    /// <summary>False if an entry that the operator wrote was changed or removed since.</summary>
    public required bool Intact { get; init; }

    public ObjectKey Key => new(Metadata.Namespace ?? "", Metadata.Name ?? "");

    /// <summary>Whether a Certificate of its namespace wrote it.</summary>
    public bool IsOf(string? certificate) => Label(Labels.Certificate) == TlsSecret.LabelValue(certificate ?? "");

    public string? Label(string name) => Metadata.Labels?.GetValueOrDefault(name);

    public string? Annotation(string name) => Metadata.Annotations?.GetValueOrDefault(name);
}

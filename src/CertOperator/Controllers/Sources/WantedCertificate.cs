using System.Text.Json;
using CertOperator.Api;
using CertOperator.Runtime.Objects;

namespace CertOperator.Controllers.Sources;

/// <summary>The one Certificate that all sources of a Secret name want together. Pure.</summary>
/// <param name="Certificate">As it is to be applied.</param>
/// <param name="Left">Sources that are not in it, each with the reason.</param>
internal sealed record WantedCertificate(Certificate Certificate, IReadOnlyList<(CertificateSource Source, SourceProblem Problem)> Left)
{
    /// <summary>Label of Certificates that were made for a source; any other is never changed.</summary>
    public static readonly string SourceLabel = ApiGroup.Prefixed("source");

    /// <summary>
    /// The union of the hosts of all sources that agree with the oldest one about everything else, owned by all of them.
    /// Those that disagree are told, and so is the oldest.
    /// </summary>
    public static WantedCertificate Merge(IReadOnlyList<CertificateSource> sources)
    {
        CertificateSource[] ordered = [.. sources
            .OrderBy(source => source.Object.Metadata.CreationTimestamp)
            .ThenBy(source => source.Name, StringComparer.Ordinal)];
        CertificateSource oldest = ordered[0];
        CertificateSource[] agreeing = [.. ordered.Where(source => Agree(source.Spec, oldest.Spec))];
        CertificateSource[] others = [.. ordered.Except(agreeing)];

        var certificate = new Certificate
        {
            Metadata = new ObjectMeta
            {
                Name = oldest.Spec.SecretName,
                Namespace = oldest.Object.Metadata.Namespace,
                Labels = new Dictionary<string, string>
                {
                    [Labels.ManagedBy] = Labels.ManagedByValue,
                    [SourceLabel] = oldest.Object.Kind,
                },
                OwnerReferences = [.. agreeing.Select(source => Owners.Reference(source.Object))],
            },
            Spec = oldest.Spec with { DnsNames = [.. agreeing.SelectMany(source => source.Spec.DnsNames ?? []).Distinct(StringComparer.OrdinalIgnoreCase)] },
        };
        var left = others.Select(source => (source, Disagreement(source, oldest)))
            .Concat(others.Take(1).Select(source => (oldest, Disagreement(oldest, source))));
        return new WantedCertificate(certificate, [.. left]);
    }

    private static SourceProblem Disagreement(CertificateSource source, CertificateSource other)
    {
        string about = source.Spec.IssuerRef == other.Spec.IssuerRef
            ? "the certificate's settings"
            : $"the issuer ({source.Spec.IssuerRef} here, {other.Spec.IssuerRef} there)";
        return new("SourcesDisagree", $"{source.Name} and {other.Name} share the Secret {source.Spec.SecretName} and disagree on {about}; the older one decides and only its hosts are covered: make them agree, or use two Secrets.");
    }

    private static bool Agree(CertificateSpec a, CertificateSpec b)
        => JsonSerializer.SerializeToUtf8Bytes(a with { DnsNames = null }, ApiJson.Default.CertificateSpec).AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(b with { DnsNames = null }, ApiJson.Default.CertificateSpec));
}

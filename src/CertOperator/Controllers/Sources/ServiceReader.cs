using CertOperator.Api;

namespace CertOperator.Controllers.Sources;

/// <summary>The serving Certificate that a Service wants, for traffic inside the cluster. Pure.</summary>
internal static class ServiceReader
{
    public static SourceReading Read(Service service, string clusterDomain)
    {
        if (Annotations.IsIgnored(service.Metadata) || service.Metadata.DeletionTimestamp is not null)
            return SourceReading.Nothing;

        var problems = new List<SourceProblem>();
        string name = service.Metadata.Name ?? "";
        string secretName = Annotations.Value(service.Metadata, Annotations.SecretName) ?? $"{name}-tls";
        if (SourceAnnotations.Issuer(service.Metadata, defaultIssuer: null, problems) is not { } issuer)
        {
            bool forIngresses = service.Metadata.Annotations?.ContainsKey(Annotations.TlsAcme) == true;
            return problems.Count == 0 || forIngresses ? SourceReading.Nothing : new SourceReading([], problems, [secretName]);
        }

        string full = $"{name}.{service.Metadata.Namespace}.svc.{clusterDomain}";
        List<string> names = [name, $"{name}.{service.Metadata.Namespace}", $"{name}.{service.Metadata.Namespace}.svc", full];
        if (service.Spec?.ClusterIP == "None")
            names.Add($"*.{full}");

        var spec = new CertificateSpec
        {
            SecretName = secretName,
            IssuerRef = issuer,
            DnsNames = names,
        };
        return new SourceReading([new CertificateSource(service, SourceAnnotations.Apply(spec, service.Metadata, problems))], problems, []);
    }
}

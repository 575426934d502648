using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;

namespace CertOperator.Controllers;

/// <summary>What the operator keeps a copy of. Of Secrets only those of the TLS type, and of those only facts.</summary>
internal sealed class Caches(IKubeClient client, TimeProvider time, ILoggerFactory loggers)
{
    public Informer<Certificate, Certificate> Certificates { get; } = Whole<Certificate>(client, time, loggers);

    public Informer<Issuer, Issuer> Issuers { get; } = Whole<Issuer>(client, time, loggers);

    public Informer<ClusterIssuer, ClusterIssuer> ClusterIssuers { get; } = Whole<ClusterIssuer>(client, time, loggers);

    public Informer<Ingress, Ingress> Ingresses { get; } = Whole<Ingress>(client, time, loggers);

    public Informer<IngressClass, IngressClass> IngressClasses { get; } = Whole<IngressClass>(client, time, loggers);

    public Informer<Service, Service> Services { get; } = Whole<Service>(client, time, loggers);

    public Informer<Secret, SecretFacts> Secrets { get; } = new(
        client,
        new InformerOptions { Selection = new ListOptions(FieldSelector: $"type={Secret.TlsType}") },
        new SecretReader().Read,
        time,
        Logger<Secret>(loggers));

    public IReadOnlyList<IInformer> All => [Certificates, Issuers, ClusterIssuers, Ingresses, IngressClasses, Services, Secrets];

    private static Informer<T, T> Whole<T>(IKubeClient client, TimeProvider time, ILoggerFactory loggers)
        where T : class, IKubeObject<T>
        => new(client, new InformerOptions(), item => item, time, Logger<T>(loggers));

    private static ILogger Logger<T>(ILoggerFactory loggers)
        where T : class, IKubeObject<T>
        => loggers.CreateLogger($"CertOperator.Cache.{T.Type.Plural}");
}

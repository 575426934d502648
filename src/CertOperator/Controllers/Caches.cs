using CertOperator.Api;
using CertOperator.Runtime.Caching;
using CertOperator.Runtime.Client;
using CertOperator.Secrets;

namespace CertOperator.Controllers;

/// <summary>What the operator keeps a copy of. Of Secrets only those of the TLS type, and of those only facts.</summary>
/// <param name="client">The API server.</param>
/// <param name="options">Where, and how patiently. In some namespaces only, the operator may lack the rights to what belongs to the cluster.</param>
/// <param name="time">The clock.</param>
/// <param name="loggers">Told of failures.</param>
internal sealed class Caches(IKubeClient client, InformerOptions options, TimeProvider time, ILoggerFactory loggers)
{
    public Informer<Certificate, Certificate> Certificates { get; } = Whole<Certificate>(client, options, time, loggers);

    public Informer<Issuer, Issuer> Issuers { get; } = Whole<Issuer>(client, options, time, loggers);

    public Informer<ClusterIssuer, ClusterIssuer> ClusterIssuers { get; } = Whole<ClusterIssuer>(client, options, time, loggers);

    public Informer<Ingress, Ingress> Ingresses { get; } = Whole<Ingress>(client, options, time, loggers);

    public Informer<IngressClass, IngressClass> IngressClasses { get; } = Whole<IngressClass>(client, options, time, loggers);

    public Informer<Service, Service> Services { get; } = Whole<Service>(client, options, time, loggers);

    /// <summary>Many a cluster has none, and many a program no right to them.</summary>
    public Informer<Gateway, Gateway> Gateways { get; } = Whole<Gateway>(client, options with { IsOptional = true }, time, loggers);

    public Informer<Secret, SecretFacts> Secrets { get; } = new(
        client,
        OptionsOf<Secret>(options) with { Selection = new ListOptions(FieldSelector: $"type={Secret.TlsType}") },
        new SecretReader().Read,
        time,
        Logger<Secret>(loggers));

    public IReadOnlyList<IInformer> All => [Certificates, Issuers, ClusterIssuers, Ingresses, IngressClasses, Services, Gateways, Secrets];

    private static Informer<T, T> Whole<T>(IKubeClient client, InformerOptions options, TimeProvider time, ILoggerFactory loggers)
        where T : class, IKubeObject<T>
        => new(client, OptionsOf<T>(options), item => item, time, Logger<T>(loggers));

    private static InformerOptions OptionsOf<T>(InformerOptions options)
        where T : class, IKubeObject<T>
        => options with { MayBeRefused = options.Namespaces.Count > 0 && !T.Type.Namespaced };

    private static ILogger Logger<T>(ILoggerFactory loggers)
        where T : class, IKubeObject<T>
        => loggers.CreateLogger($"CertOperator.Cache.{T.Type.Plural}");
}

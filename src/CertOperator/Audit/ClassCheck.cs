using CertOperator.Api;

namespace CertOperator.Audit;

/// <summary>Whether anybody serves an Ingress, as far as its class and its address tell. Pure.</summary>
internal static class ClassCheck
{
    private const int MostNamed = 5;

    /// <summary>
    /// An address is proof that a controller serves it; a class that only the older annotation names may be served without an
    /// IngressClass, so an address outweighs that none is there.
    /// </summary>
    public static AuditFinding? Find(Ingress ingress, Surroundings around, DateTimeOffset now)
    {
        if (around.Classes is not { } classes || ingress.Status?.LoadBalancer?.Ingress is { Count: > 0 })
            return null;

        string? name = ingress.Spec?.IngressClassName ?? Annotations.Value(ingress.Metadata, Annotations.IngressClass);
        if (name is not null && !classes.Any(known => known.Metadata.Name == name))
            return new(AuditCodes.ClassNotServed, $"The Ingress has the class \"{CertificateRules.Shown(name)}\", which no IngressClass describes ({Known(classes)}), and no address.");
        if (name is null && !classes.Any(IsDefault))
            return new(AuditCodes.NoClass, $"The Ingress has no class, no IngressClass is the default ({Known(classes)}), and it has no address.");
        return Overdue(ingress, around) <= now
            ? new(AuditCodes.NoAddress, $"The Ingress has {(name is null ? "the default class" : $"the class \"{CertificateRules.Shown(name)}\"")} and no address.")
            : null;
    }

    /// <summary>From when on an Ingress should have what others bring.</summary>
    public static DateTimeOffset Overdue(Ingress ingress, Surroundings around) => (ingress.Metadata.CreationTimestamp ?? default) + around.Patience;

    private static bool IsDefault(IngressClass known) => known.Metadata.Annotations?.GetValueOrDefault(IngressClass.DefaultAnnotation) == Annotations.True;

    private static string Known(IReadOnlyList<IngressClass> classes) => classes.Count == 0
        ? "the cluster has no IngressClass"
        : $"the cluster has {string.Join(", ", classes.Select(known => known.Metadata.Name).Order(StringComparer.Ordinal).Take(MostNamed))}";
}

namespace CertOperator.Runtime.Client;

/// <summary>Names a kind of object at the API server, e.g. <c>networking.k8s.io/v1 Ingress</c>.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">API version, e.g. <c>v1</c>.</param>
/// <param name="Kind">Kind in CamelCase, e.g. <c>Ingress</c>.</param>
/// <param name="Plural">Lower-case plural of the URL, e.g. <c>ingresses</c>.</param>
/// <param name="Namespaced">Whether objects of this kind live in a namespace.</param>
public sealed record ResourceType(string Group, string Version, string Kind, string Plural, bool Namespaced)
{
    /// <summary><c>group/version</c>, or the version alone for the core group.</summary>
    public string ApiVersion { get; } = Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>plural.group</c>, or the plural alone for the core group: as RBAC and CRDs name it.</summary>
    public string QualifiedName { get; } = Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <inheritdoc/>
    public override string ToString() => QualifiedName;
}

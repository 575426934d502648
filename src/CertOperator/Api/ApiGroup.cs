using CertOperator.Runtime.Client;

namespace CertOperator.Api;

/// <summary>The one place that knows the API group, its version and the prefix of annotations and labels.</summary>
internal static class ApiGroup
{
    public const string Name = "certoperator.io";
    public const string Version = "v1";

    /// <summary>Owner of the fields that the operator applies.</summary>
    public const string FieldManager = "cert-operator";

    /// <summary>
    /// Owner of status: up to Kubernetes 1.21 one name for an object and its status shares one record of ownership, so that each
    /// apply forgets the other's fields.
    /// </summary>
    public const string StatusManager = FieldManager + "-status";

    /// <summary><c>certoperator.io/name</c>: an annotation or label of this operator.</summary>
    public static string Prefixed(string name) => $"{Name}/{name}";

    internal static ResourceType Kind(string kind, string plural, bool namespaced = true)
        => new(Name, Version, kind, plural, namespaced);
}

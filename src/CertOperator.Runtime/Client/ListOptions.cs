namespace CertOperator.Runtime.Client;

/// <summary>What a list or watch covers.</summary>
/// <param name="Namespace">One namespace; null for all.</param>
/// <param name="LabelSelector">Kubernetes label selector, e.g. <c>app=web,tier!=db</c>.</param>
/// <param name="FieldSelector">Kubernetes field selector, e.g. <c>type=kubernetes.io/tls</c>.</param>
/// <param name="Limit">Objects per page of a list; null for all at once.</param>
/// <param name="Continue">Token of the next page, from <see cref="ObjectList{T}.Continue"/>.</param>
public sealed record ListOptions(
    string? Namespace = null,
    string? LabelSelector = null,
    string? FieldSelector = null,
    int? Limit = null,
    string? Continue = null);

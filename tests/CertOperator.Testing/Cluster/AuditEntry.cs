namespace CertOperator.Testing.Cluster;

/// <summary>
/// One request that the API server has answered, in the words of RBAC. <paramref name="ApiGroup"/> is empty for the core
/// group; <paramref name="Namespace"/> and <paramref name="Name"/> are empty where the request had none.
/// </summary>
public sealed record AuditEntry(
    string User,
    string Verb,
    string ApiGroup,
    string Resource,
    string Subresource,
    string Namespace,
    string Name,
    int Code)
{
    private static readonly HashSet<string> WriteVerbs = ["create", "update", "patch", "delete", "deletecollection"];

    public bool IsWrite => WriteVerbs.Contains(Verb);
}

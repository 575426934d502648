namespace CertOperator.Testing.Api;

/// <summary>What a URL path of the resource API names.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">API version.</param>
/// <param name="Namespace">Null if the path has none.</param>
/// <param name="Plural">The collection.</param>
/// <param name="Name">Null for the whole collection.</param>
/// <param name="Subresource">Empty for the object itself.</param>
internal sealed record ApiPath(string Group, string Version, string? Namespace, string Plural, string? Name, string Subresource)
{
    /// <summary>Null if it is not the path of a resource.</summary>
    public static ApiPath? Parse(string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        return parts switch
        {
            ["api", "v1", .. var rest] => Parse("", "v1", rest),
            ["apis", var group, var version, .. var rest] => Parse(group, version, rest),
            _ => null,
        };
    }

    private static ApiPath? Parse(string group, string version, string[] rest) => rest switch
    {
        ["namespaces", var name, "status" or "finalize"] => new ApiPath(group, version, null, "namespaces", name, rest[2]),
        ["namespaces", var ns, var plural, .. var item] => Item(new ApiPath(group, version, ns, plural, null, ""), item),
        [var plural, .. var item] => Item(new ApiPath(group, version, null, plural, null, ""), item),
        _ => null,
    };

    private static ApiPath? Item(ApiPath collection, string[] item) => item switch
    {
        [] => collection,
        [var name] => collection with { Name = name },
        [var name, var subresource] => collection with { Name = name, Subresource = subresource },
        _ => null,
    };
}

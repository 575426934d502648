using System.Globalization;
using System.Text;

namespace CertOperator.Runtime.Client.Http;

/// <summary>Paths and queries of the API server (API conventions, "resource URIs").</summary>
internal static class KubePath
{
    /// <summary>All objects of a kind, in one namespace or (null or empty) in all.</summary>
    public static string Collection(ResourceType type, string? @namespace)
    {
        var root = type.Group.Length == 0 ? $"/api/{type.Version}" : $"/apis/{type.Group}/{type.Version}";
        if (string.IsNullOrEmpty(@namespace) || !type.Namespaced) return $"{root}/{type.Plural}";
        ObjectAddress.CheckNamespace(type, @namespace);
        return $"{root}/namespaces/{Uri.EscapeDataString(@namespace)}/{type.Plural}";
    }

    /// <summary>The collection to create an object in.</summary>
    public static string Home(ResourceType type, string? @namespace)
    {
        ObjectAddress.CheckNamespace(type, @namespace);
        return Collection(type, @namespace);
    }

    public static string Object(ResourceType type, ObjectKey key)
    {
        ObjectAddress.Check(type, key);
        return $"{Collection(type, key.Namespace)}/{Uri.EscapeDataString(key.Name)}";
    }

    public static string Query(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in parameters)
        {
            if (value is null) continue;
            query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return query.ToString();
    }

    public static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);
}

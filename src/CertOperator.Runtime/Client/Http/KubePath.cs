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
        return string.IsNullOrEmpty(@namespace) || !type.Namespaced
            ? $"{root}/{type.Plural}"
            : $"{root}/namespaces/{Segment(type, @namespace)}/{type.Plural}";
    }

    /// <summary>The collection to create an object in.</summary>
    public static string Home(ResourceType type, string? @namespace)
        => type.Namespaced && string.IsNullOrEmpty(@namespace)
            ? throw new KubeException(KubeFailure.Invalid, $"An object of {type} needs a namespace.")
            : Collection(type, @namespace);

    public static string Object(ResourceType type, ObjectKey key) => $"{Home(type, key.Namespace)}/{Segment(type, key.Name)}";

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

    // Names come from other people's objects: "..", "" or a slash would address another object than the one meant.
    private static string Segment(ResourceType type, string name)
        => name is "" or "." or ".." || name.AsSpan().ContainsAny('/', '%')
            ? throw new KubeException(KubeFailure.Invalid, $"\"{ServerText.Clean(name, [])}\" cannot name an object of {type}.")
            : Uri.EscapeDataString(name);
}

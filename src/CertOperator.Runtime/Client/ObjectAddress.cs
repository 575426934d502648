using CertOperator.Runtime.Client.Http;

namespace CertOperator.Runtime.Client;

/// <summary>
/// What can stand in a path of the API. Names come from other people's objects: an empty one, <c>..</c> or one with a
/// slash would address something else than was meant.
/// </summary>
internal static class ObjectAddress
{
    /// <exception cref="KubeException"><see cref="KubeFailure.Invalid"/>: no object of this kind can be there.</exception>
    public static void Check(ResourceType type, ObjectKey key)
    {
        CheckNamespace(type, key.Namespace);
        CheckName(type, key.Name);
    }

    /// <exception cref="KubeException"><see cref="KubeFailure.Invalid"/>: the namespace is missing or cannot exist.</exception>
    public static void CheckNamespace(ResourceType type, string? @namespace)
    {
        if (!type.Namespaced) return;
        if (string.IsNullOrEmpty(@namespace)) throw new KubeException(KubeFailure.Invalid, $"An object of {type} needs a namespace.");
        CheckName(type, @namespace);
    }

    private static void CheckName(ResourceType type, string name)
    {
        if (name is "" or "." or ".." || name.AsSpan().ContainsAny('/', '%'))
            throw new KubeException(KubeFailure.Invalid, $"\"{ServerText.Clean(name, [])}\" cannot name an object of {type}.");
    }
}

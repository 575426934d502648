using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.InMemory.Errors;

namespace CertOperator.Cli.Local;

/// <summary>
/// Keeps a cluster in line with the manifests of a folder: what stands in a file is applied, what stands in none any more is
/// deleted.
/// </summary>
internal sealed class ManifestFolder(ManifestFiles files, InMemoryCluster cluster)
{
    private const string Manager = "kubectl";
    private const string CertManagerGroup = "cert-manager.io/";

    private readonly Dictionary<(ResourceType Type, ObjectKey Key), Applied> _applied = [];

    /// <summary>Applies and deletes what changed since the last time; gives all that is wrong with the files now.</summary>
    public IReadOnlyList<Problem> Load()
    {
        FolderContent content = files.Look();
        var problems = new List<Problem>(content.Problems);
        var wanted = new Dictionary<(ResourceType Type, ObjectKey Key), Manifest>();
        foreach (Manifest manifest in content.Manifests)
        {
            if (Identify(manifest, problems) is not { } identity)
                continue;
            if (wanted.TryAdd(identity, manifest))
                continue;
            problems.Add(new(manifest.Place, Name(identity.Key, manifest.Kind), "DefinedTwice", $"The object stands in {wanted[identity].Place} too, and that one counts: remove one of them."));
        }

        foreach (var gone in _applied.Keys.Except(wanted.Keys).ToList())
            Delete(gone.Type, gone.Key);
        foreach (var (identity, manifest) in wanted)
        {
            if (!_applied.TryGetValue(identity, out Applied? known) || !ReferenceEquals(known.Manifest, manifest))
                _applied[identity] = known = new Applied(manifest, Apply(manifest, identity.Key));
            if (known.Problem is { } refused)
                problems.Add(refused);
        }

        return problems;
    }

    /// <summary><c>file:line</c> of an object; empty if it stands in no file.</summary>
    public string PlaceOf(string kind, ObjectKey key)
        => _applied.FirstOrDefault(applied => applied.Key.Type.Kind == kind && applied.Key.Key == key).Value?.Manifest.Place ?? "";

    private (ResourceType Type, ObjectKey Key)? Identify(Manifest manifest, List<Problem> problems)
    {
        if (manifest.ApiVersion.Length == 0 || manifest.Kind.Length == 0)
        {
            problems.Add(new(manifest.Place, "", "NotKubernetes", "The document has no apiVersion and kind, so it is no Kubernetes object, and was left out: add them, or keep the file elsewhere."));
            return null;
        }

        if (Served(manifest) is not { } type)
        {
            problems.Add(Unserved(manifest));
            return null;
        }

        if (manifest.Name.Length > 0)
            return (type, type.Namespaced ? new ObjectKey(manifest.Namespace, manifest.Name) : ObjectKey.Cluster(manifest.Name));
        problems.Add(new(manifest.Place, manifest.Kind, "Refused", "metadata.name is missing: give the object a name."));
        return null;
    }

    private ResourceType? Served(Manifest manifest)
    {
        try
        {
            return cluster.TypeOf(manifest.ApiVersion, manifest.Kind);
        }
        catch (ApiStatusException unknown) when (unknown.Code == StatusCodes.Status404NotFound)
        {
            return null;
        }
    }

    /// <summary>Kinds that have nothing to do with certificates are only mentioned; what looks like one of ours is a mistake.</summary>
    private static Problem Unserved(Manifest manifest)
    {
        string about = Name(new ObjectKey(manifest.Namespace, manifest.Name), manifest.Kind);
        if (manifest.ApiVersion.StartsWith(ApiGroup.Name + "/", StringComparison.Ordinal))
            return new(manifest.Place, about, "UnknownKind", $"{ApiGroup.Name} has no kind {manifest.Kind} of version {manifest.ApiVersion}: use {Certificate.Type.ApiVersion} with {Certificate.Type.Kind}, {Issuer.Type.Kind} or {ClusterIssuer.Type.Kind}.");
        if (manifest.ApiVersion.StartsWith(CertManagerGroup, StringComparison.Ordinal))
            return new(manifest.Place, about, "UnknownKind", $"{manifest.ApiVersion} is cert-manager's: write apiVersion: {Certificate.Type.ApiVersion} for it to count here.");
        return manifest.Kind == Ingress.Type.Kind
            ? new(manifest.Place, about, "UnknownKind", $"{manifest.ApiVersion} has no Ingress any more: write apiVersion: {Ingress.Type.ApiVersion}.")
            : new(manifest.Place, about, "Skipped", $"{manifest.ApiVersion} {manifest.Kind} has no part in certificates and was left out.", Harmless: true);
    }

    private Problem? Apply(Manifest manifest, ObjectKey key)
    {
        try
        {
            cluster.Apply(manifest.Document, Manager);
            return null;
        }
        catch (ApiStatusException refused)
        {
            return new(manifest.Place, Name(key, manifest.Kind), "Refused", $"{refused.Message}. Correct the manifest; until then it does not count.");
        }
    }

    private void Delete(ResourceType type, ObjectKey key)
    {
        _applied.Remove((type, key));
        if (cluster.Find(type, key) is not null)
            cluster.Delete(type, key);
    }

    private static string Name(ObjectKey key, string kind) => $"{kind} {key}";

    private sealed record Applied(Manifest Manifest, Problem? Problem);
}

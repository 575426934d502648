using System.Text.Json.Nodes;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Cli.Local;

/// <summary>
/// Keeps a cluster in line with the manifests of a folder: what stands in a file is applied, what is removed from the files is
/// deleted. A file that cannot be read keeps what it held before, and the others are served.
/// </summary>
internal sealed class ManifestFolder(DirectoryInfo directory, InMemoryCluster cluster)
{
    private const int MaxFiles = 10_000;
    private const string Manager = "kubectl";

    private readonly Dictionary<string, FileState> _files = [];

    /// <summary>Reads what changed since the last time; gives one sentence, with file and line, for each thing that is wrong now.</summary>
    public IReadOnlyList<string> Load()
    {
        var problems = new List<string>();
        var paths = directory.EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Extension is ".yaml" or ".yml" or ".json")
            .Take(MaxFiles)
            .OrderBy(file => file.FullName, StringComparer.Ordinal)
            .ToDictionary(file => file.FullName, file => file.LastWriteTimeUtc);

        var before = _files.Values.SelectMany(file => file.Objects).ToHashSet();
        foreach (string gone in _files.Keys.Except(paths.Keys).ToList())
            _files.Remove(gone);
        foreach (var (path, written) in paths)
        {
            if (!_files.TryGetValue(path, out FileState? known) || known.Written != written)
                _files[path] = Read(path, written, known);
            problems.AddRange(_files[path].Problems);
        }

        foreach (var (type, key) in before.Except(_files.Values.SelectMany(file => file.Objects)))
            cluster.Delete(type, key);
        return problems;
    }

    private FileState Read(string path, DateTime written, FileState? former)
    {
        string name = Path.GetRelativePath(directory.FullName, path);
        var objects = new List<(ResourceType, ObjectKey)>();
        var problems = new List<string>();
        try
        {
            foreach (YamlDocument document in YamlReader.Read(File.ReadAllText(path)).Where(document => document.Root.Count > 0))
            {
                if (Apply(document.Root) is { } problem)
                    problems.Add($"{name}:{document.Line}: {problem}");
                else
                    objects.Add(Identity(document.Root));
            }
        }
        catch (YamlFormatException malformed)
        {
            problems.Add($"{name}:{malformed.Line}: {malformed.Message}");
            objects.AddRange(former?.Objects ?? []);
        }
        catch (IOException unreadable)
        {
            problems.Add($"{name}: {unreadable.Message}");
            objects.AddRange(former?.Objects ?? []);
        }

        return new FileState(written, objects, problems);
    }

    /// <summary>Null if the cluster took it, else why not.</summary>
    private string? Apply(JsonObject document)
    {
        try
        {
            cluster.Apply(document, Manager);
            return null;
        }
        catch (KubeException refused)
        {
            return refused.Message;
        }
    }

    private (ResourceType Type, ObjectKey Key) Identity(JsonObject document)
    {
        ResourceType type = cluster.TypeOf((string?)document["apiVersion"] ?? "", (string?)document["kind"] ?? "");
        string name = (string?)document["metadata"]?["name"] ?? "";
        string ns = (string?)document["metadata"]?["namespace"] ?? "default";
        return (type, type.Namespaced ? new ObjectKey(ns, name) : ObjectKey.Cluster(name));
    }

    private sealed record FileState(DateTime Written, IReadOnlyList<(ResourceType, ObjectKey)> Objects, IReadOnlyList<string> Problems);
}

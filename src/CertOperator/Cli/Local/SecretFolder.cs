using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Cli.Local;

/// <summary>
/// Keeps the Secrets that the operator made in a folder: <c>namespace/name/</c> with a file per entry, readable by the owner only,
/// and the manifest, from which the next session takes the Secret up again.
/// </summary>
internal sealed class SecretFolder(DirectoryInfo directory, InMemoryCluster cluster)
{
    private const string Manifest = "secret.yaml";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Dictionary<ObjectKey, string> _written = [];

    /// <summary>Puts the Secrets of the last session into the cluster; one sentence for each that cannot be read.</summary>
    public IReadOnlyList<string> Restore()
    {
        var problems = new List<string>();
        if (!directory.Exists)
            return problems;
        foreach (FileInfo file in directory.EnumerateFiles(Manifest, SearchOption.AllDirectories))
        {
            try
            {
                foreach (YamlDocument document in YamlReader.Read(File.ReadAllText(file.FullName)))
                    cluster.Apply(document.Root, ApiGroup.FieldManager);
            }
            catch (Exception unusable) when (unusable is YamlFormatException or KubeException or IOException)
            {
                problems.Add($"{file.FullName}: {unusable.Message}");
            }
        }

        return problems;
    }

    /// <summary>Writes what changed since the last time, and removes what is gone.</summary>
    public void Save()
    {
        var present = cluster.List(Secret.Type)
            .Where(secret => (string?)secret["metadata"]?["labels"]?[Labels.ManagedBy] == Labels.ManagedByValue)
            .ToDictionary(secret => new ObjectKey((string)secret["metadata"]!["namespace"]!, (string)secret["metadata"]!["name"]!));
        foreach (var (key, secret) in present)
        {
            string version = (string)secret["metadata"]!["resourceVersion"]!;
            if (_written.GetValueOrDefault(key) == version)
                continue;
            Write(key, secret);
            _written[key] = version;
        }

        foreach (ObjectKey gone in _written.Keys.Except(present.Keys).ToList())
        {
            System.IO.Directory.Delete(Folder(key: gone), recursive: true);
            _written.Remove(gone);
        }
    }

    private void Write(ObjectKey key, JsonObject secret)
    {
        string folder = Folder(key);
        System.IO.Directory.CreateDirectory(folder);
        JsonObject data = secret["data"]!.AsObject();
        foreach (var (entry, value) in data)
            WriteFile(Path.Combine(folder, entry), Convert.FromBase64String((string)value!));

        var metadata = new JsonObject
        {
            ["name"] = key.Name,
            ["namespace"] = key.Namespace,
            ["labels"] = secret["metadata"]!["labels"]?.DeepClone(),
            ["annotations"] = secret["metadata"]!["annotations"]?.DeepClone(),
        };
        var manifest = new JsonObject
        {
            ["apiVersion"] = Secret.Type.ApiVersion,
            ["kind"] = Secret.Type.Kind,
            ["metadata"] = metadata,
            ["type"] = (string?)secret["type"],
            ["data"] = data.DeepClone(),
        };
        WriteFile(Path.Combine(folder, Manifest), System.Text.Encoding.UTF8.GetBytes(YamlWriter.Write(manifest)));
    }

    /// <summary>Whole or not at all, and never readable by others, not even for a moment.</summary>
    private static void WriteFile(string path, byte[] content)
    {
        string temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using (var file = new FileStream(temporary, options))
            file.Write(content);
        File.Move(temporary, path, overwrite: true);
    }

    private string Folder(ObjectKey key) => Path.Combine(directory.FullName, key.Namespace, key.Name);
}

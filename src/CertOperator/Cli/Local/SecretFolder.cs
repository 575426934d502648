using System.Text;
using System.Text.Json.Nodes;
using CertOperator.Api;
using CertOperator.Runtime.Client;
using CertOperator.Runtime.InMemory;
using CertOperator.Runtime.InMemory.Errors;
using CertOperator.Runtime.Yaml;

namespace CertOperator.Cli.Local;

/// <summary>
/// Keeps the Secrets that the operator made in a folder: <c>namespace/name/</c> with a file per entry, for the owner's eyes
/// only, and the manifest, from which the next session takes the Secret up again.
/// </summary>
internal sealed class SecretFolder(DirectoryInfo directory, InMemoryCluster cluster)
{
    private const string ManifestName = "secret.yaml";
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    private readonly Dictionary<ObjectKey, Written> _written = [];

    /// <summary>Puts the Secrets of the last session into the cluster; gives what cannot be read.</summary>
    public IReadOnlyList<Problem> Restore()
    {
        var problems = new List<Problem>();
        if (!directory.Exists)
            return problems;
        foreach (FileInfo file in directory.EnumerateFiles(ManifestName, SearchOption.AllDirectories))
        {
            try
            {
                foreach (YamlDocument document in YamlReader.Read(File.ReadAllText(file.FullName)))
                    Restore(document.Root);
            }
            catch (Exception unusable) when (unusable is YamlFormatException or ApiStatusException or IOException or UnauthorizedAccessException)
            {
                problems.Add(new(file.FullName, "", "NotRestored", $"{unusable.Message} Its Secret is made anew if a Certificate wants it.", Harmless: true));
            }
        }

        return problems;
    }

    /// <summary>Writes what changed since the last time, and removes what is gone; gives what could not be written.</summary>
    public IReadOnlyList<Problem> Save()
    {
        var problems = new List<Problem>();
        var present = cluster.List(Secret.Type)
            .Where(secret => (string?)secret["metadata"]?["labels"]?[Labels.ManagedBy] == Labels.ManagedByValue)
            .ToDictionary(KeyOf);
        foreach (var (key, secret) in present)
        {
            if (_written.GetValueOrDefault(key)?.Version != VersionOf(secret))
                Try(key, () => Write(key, secret));
        }

        foreach (ObjectKey gone in _written.Keys.Except(present.Keys).ToList())
            Try(gone, () => Remove(gone));
        return problems;

        void Try(ObjectKey key, Action step)
        {
            try
            {
                step();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                problems.Add(new(Folder(key), $"{Secret.Type.Kind} {key}", "NotWritten", $"{failure.Message} Make the folder writable, or name another one with --out."));
            }
        }
    }

    private void Restore(JsonObject manifest)
    {
        if (manifest["kind"]?.ToString() != Secret.Type.Kind)
            return;
        JsonObject secret = cluster.Apply(manifest, ApiGroup.FieldManager);
        _written[KeyOf(secret)] = new Written(VersionOf(secret), Entries(secret));
    }

    private void Write(ObjectKey key, JsonObject secret)
    {
        string folder = Folder(key);
        CreateFolder(folder);
        IReadOnlyList<string> entries = Entries(secret);
        foreach (string entry in entries)
            WriteFile(Path.Combine(folder, entry), Convert.FromBase64String((string)secret["data"]![entry]!));
        WriteFile(Path.Combine(folder, ManifestName), Encoding.UTF8.GetBytes(YamlWriter.Write(ManifestOf(key, secret))));
        foreach (string former in (_written.GetValueOrDefault(key)?.Entries ?? []).Except(entries))
            File.Delete(Path.Combine(folder, former));
        _written[key] = new Written(VersionOf(secret), entries);
    }

    /// <summary>Only what was written here goes: a file that somebody put there stays, and its folder with it.</summary>
    private void Remove(ObjectKey key)
    {
        string folder = Folder(key);
        if (Directory.Exists(folder))
        {
            foreach (string name in _written[key].Entries.Append(ManifestName))
                File.Delete(Path.Combine(folder, name));
            if (!Directory.EnumerateFileSystemEntries(folder).Any())
                Directory.Delete(folder);
        }

        _written.Remove(key);
    }

    private static JsonObject ManifestOf(ObjectKey key, JsonObject secret) => new()
    {
        ["apiVersion"] = Secret.Type.ApiVersion,
        ["kind"] = Secret.Type.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = key.Name,
            ["namespace"] = key.Namespace,
            ["labels"] = secret["metadata"]!["labels"]?.DeepClone(),
            ["annotations"] = secret["metadata"]!["annotations"]?.DeepClone(),
        },
        ["type"] = (string?)secret["type"],
        ["data"] = secret["data"]!.DeepClone(),
    };

    /// <summary>Whole or not at all, and never readable by others, not even for a moment.</summary>
    private static void WriteFile(string path, byte[] content)
    {
        string temporary = path + ".new";
        // One that a broken session left behind could be readable by others, or be a link.
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerFile;
        using (var file = new FileStream(temporary, options))
            file.Write(content);
        File.Move(temporary, path, overwrite: true);
    }

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, OwnerFolder);
    }

    private static ObjectKey KeyOf(JsonObject secret) => new((string)secret["metadata"]!["namespace"]!, (string)secret["metadata"]!["name"]!);

    private static string VersionOf(JsonObject secret) => (string)secret["metadata"]!["resourceVersion"]!;

    private static IReadOnlyList<string> Entries(JsonObject secret) => [.. (secret["data"] as JsonObject ?? []).Select(entry => entry.Key)];

    private string Folder(ObjectKey key) => Path.Combine(directory.FullName, key.Namespace, key.Name);

    private sealed record Written(string Version, IReadOnlyList<string> Entries);
}

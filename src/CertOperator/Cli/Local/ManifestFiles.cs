using CertOperator.Runtime.Yaml;

namespace CertOperator.Cli.Local;

/// <summary>What the manifest files of a folder hold now.</summary>
internal sealed record FolderContent(IReadOnlyList<Manifest> Manifests, IReadOnlyList<Problem> Problems);

/// <summary>
/// The manifest files of a folder, each read when it changed. A file that cannot be read, or is no YAML, keeps what it held
/// before.
/// </summary>
/// <param name="directory">The folder; its inner ones are read too, those whose names begin with a dot or that are links are not.</param>
/// <param name="except">An inner folder to leave out; null if there is none.</param>
internal sealed class ManifestFiles(DirectoryInfo directory, DirectoryInfo? except)
{
    private const int MaxFiles = 10_000;
    private const int MaxBytes = 8 * 1024 * 1024;

    private readonly SortedDictionary<string, Held> _held = new(StringComparer.Ordinal);
    private Dictionary<string, Stamp>? _seen;

    /// <summary>
    /// After the first look a change counts when two looks in a row show it the same: then nobody is in the middle of
    /// writing the file, or of replacing it.
    /// </summary>
    public FolderContent Look()
    {
        var problems = new List<Problem>();
        var present = new Dictionary<string, Stamp>();
        bool complete = Walk(directory, present, problems);
        if (complete && present.Count == 0)
            problems.Add(new(directory.FullName, "", "NoManifests", "The folder holds no .yaml, .yml or .json file: put manifests into it, or name another folder."));

        foreach (string path in _held.Keys.Union(present.Keys).ToList())
        {
            Stamp? stamp = present.TryGetValue(path, out Stamp found) ? found : null;
            if (!IsSettled(path, stamp) || _held.GetValueOrDefault(path)?.Stamp == stamp)
                continue;
            if (stamp is { } readable)
                _held[path] = Read(path, readable, _held.GetValueOrDefault(path));
            else if (complete)
                _held.Remove(path);
        }

        _seen = present;
        return new FolderContent([.. _held.Values.SelectMany(file => file.Manifests)], [.. problems, .. _held.Values.SelectMany(file => file.Problems)]);
    }

    private bool IsSettled(string path, Stamp? stamp)
        => _seen is null || (_seen.TryGetValue(path, out Stamp before) ? stamp == before : stamp is null);

    public static bool IsSame(DirectoryInfo a, DirectoryInfo? b)
        => Path.TrimEndingDirectorySeparator(a.FullName) == (b is null ? null : Path.TrimEndingDirectorySeparator(b.FullName));

    /// <summary>False if not all of the folder could be seen: then what is missing is not gone.</summary>
    private bool Walk(DirectoryInfo folder, Dictionary<string, Stamp> present, List<Problem> problems)
    {
        bool complete = true;
        try
        {
            foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos().Where(entry => !entry.Name.StartsWith('.')))
            {
                if (entry is DirectoryInfo inner)
                    complete &= inner.LinkTarget is not null || IsSame(inner, except) || Walk(inner, present, problems);
                else if (entry is FileInfo { Exists: true, Extension: ".yaml" or ".yml" or ".json" } file && present.Count <= MaxFiles)
                    present[file.FullName] = new Stamp(file.LastWriteTimeUtc, file.Length);
            }

            if (folder == directory && present.Count > MaxFiles)
                problems.Add(new(directory.FullName, "", "TooManyFiles", $"The folder holds more than {MaxFiles} manifest files, of which the rest is not read: name a smaller folder."));
            return complete;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problems.Add(new(folder.FullName, "", "FolderUnreadable", $"{unreadable.Message} What it held before still counts: make it readable, or name another folder."));
            return false;
        }
    }

    private Held Read(string path, Stamp stamp, Held? former)
    {
        string name = Path.GetRelativePath(directory.FullName, path);
        string meanwhile = former is { Manifests.Count: > 0 } ? "what the file said before still counts" : "nothing of the file counts";
        try
        {
            if (stamp.Length > MaxBytes)
                return Kept(new(name, "", "FileTooLarge", $"The file is larger than {MaxBytes >> 20} MiB, so {meanwhile}: split it."));
            IEnumerable<YamlDocument> documents = YamlReader.Read(File.ReadAllText(path)).Where(document => document.Root.Count > 0);
            return new Held(stamp, [.. documents.Select(document => new Manifest($"{name}:{document.Line}", document.Root)).SelectMany(manifest => manifest.Items ?? [manifest])], []);
        }
        catch (YamlFormatException malformed)
        {
            return Kept(new($"{name}:{malformed.Line}", "", "Malformed", $"{malformed.Message} Until it is corrected, {meanwhile}."));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            // Permissions change without leaving a trace in the stamp, so it is tried again at each look.
            return Kept(new(name, "", "FileUnreadable", $"{unreadable.Message} Until it can be read, {meanwhile}.")) with { Stamp = Stamp.Never };
        }

        Held Kept(Problem problem) => new(stamp, former?.Manifests ?? [], [problem]);
    }

    private readonly record struct Stamp(DateTime Written, long Length)
    {
        public static Stamp Never { get; } = new(default, -1);
    }

    private sealed record Held(Stamp Stamp, IReadOnlyList<Manifest> Manifests, IReadOnlyList<Problem> Problems);
}

using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace CertOperator.Acceptance.Images;

/// <summary>An image in a folder laid out as the OCI image specification says.</summary>
internal sealed class OciImage(string folder)
{
    /// <summary>What a container engine is told: user, entry point, labels.</summary>
    public JsonNode Config => Read(Manifest["config"]!);

    /// <summary>The layers, the base's first.</summary>
    public IReadOnlyList<JsonNode> Layers => [.. Manifest["layers"]!.AsArray().Select(layer => layer!)];

    private JsonNode Manifest => Read(JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "index.json")))!["manifests"]!.AsArray().Single()!);

    public static long Size(JsonNode layer) => (long)layer["size"]!;

    /// <summary>The files that a layer adds or changes.</summary>
    public IReadOnlyList<LayerFile> Files(JsonNode layer)
    {
        using FileStream blob = File.OpenRead(BlobPath(layer));
        using var plain = new GZipStream(blob, CompressionMode.Decompress);
        using var archive = new TarReader(plain);
        var files = new List<LayerFile>();
        while (archive.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is not TarEntryType.Directory)
                files.Add(new LayerFile(entry.Name, entry.Mode, entry.ModificationTime, Convert.ToHexString(SHA256.HashData(entry.DataStream ?? Stream.Null))));
        }

        return files;
    }

    private JsonNode Read(JsonNode descriptor) => JsonNode.Parse(File.ReadAllText(BlobPath(descriptor)))!;

    private string BlobPath(JsonNode descriptor) => Path.Combine(folder, "blobs", "sha256", ((string)descriptor["digest"]!).Split(':')[1]);
}
